"""A stand-in for the customer APIs a shop's till talks to: one domain store, served over HTTP as each API documents it."""
