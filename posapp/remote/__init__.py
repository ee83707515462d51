"""The customer servers: one HTTP client, one connector an API, and the translation of everything that can go wrong.

The rest of the house knows `services.ports.customer_api` and its terms; `registry.open_api` is the way in.
"""
