"""The engine that carries acts to a customer server and its records back.

It knows the book, the server and the clock by their ports alone: no Qt, no SQL, no HTTP.
"""
