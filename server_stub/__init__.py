"""A stand-in for the customer APIs a till talks to: one domain store, served as each API documents it."""
