"""What a person decides about what the till must not decide alone: one module a kind of item in the inbox."""
