"""The connector of the eCommerce portal API (`/api/customer…`, `/api/admin-customer/…`)."""
