"""How older books become newer ones; loaded only when a book is older than the program."""
