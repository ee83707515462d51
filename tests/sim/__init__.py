"""A shop in one thread: tills, a server, a network and a clock, all drawn from one seed; `python -m tests.sim`."""
