"""The connector of the loyalty and ledger POS API (`/api/v1/customers…`)."""
