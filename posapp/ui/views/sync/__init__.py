"""How the till stands with its server: the light, what is behind it, and the strip of a first sync."""
