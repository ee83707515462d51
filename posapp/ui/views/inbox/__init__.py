"""What needs a person: a list, and what is known of each."""
