"""The customer servers: one HTTP client, one connector an API, and the translation of everything that can go wrong.

The rest of the house knows `services.ports.remote` alone; `registry.open_api` is the way in.
"""
