"""The window: what a cashier sees, over the same services as the command line."""
