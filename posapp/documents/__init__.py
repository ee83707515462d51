"""Statements and slips as PDF: data in, bytes out. Every script of our shops, shaped and in its own order."""
