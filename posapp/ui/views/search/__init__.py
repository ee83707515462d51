"""Finding a customer: the field, the list of hits, and what stands there when nobody is found."""
