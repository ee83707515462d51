"""The connector of the SeloraX apps API (`/api/apps/v1/customers…`)."""
