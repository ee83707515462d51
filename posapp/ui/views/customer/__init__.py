"""A customer's card: who she is, her numbers, her khata, and what can be done."""
