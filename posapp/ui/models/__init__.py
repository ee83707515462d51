"""What lists and tables show: rows in, roles out."""
