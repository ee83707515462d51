"""A test an endpoint, named after it, and the documents' own examples."""
