"""Whether the tests would notice: each safety rule is switched off in a copy of the tree, and a test must fail."""
