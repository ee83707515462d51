"""What can be done to the domain store, in words no API owns; every API's routes call these."""
