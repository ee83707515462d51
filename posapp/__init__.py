"""The customer desk of a small shop: customers, loyalty points and khata, with or without a network."""
