"""The connector of the Siyahfy vendor API (`/api/vendors/customers…`)."""
