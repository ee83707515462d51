"""What a shop is made of: money, customers, khata, points and the acts on them. Pure: no I/O, no Qt, no SQL."""
