"""What a person at the till does, one use case a function, over ports that the adapters implement."""
