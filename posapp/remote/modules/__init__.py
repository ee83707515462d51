"""The connector of the Customers module API (`/api/v1/customers…`)."""
