"""What a person fills in: one dialog an act, checked while one types, each with the id of its act from the start."""
