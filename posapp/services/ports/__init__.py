"""What the use cases and the sync engine need from the outside, as Protocols and the frozen values that cross them."""
