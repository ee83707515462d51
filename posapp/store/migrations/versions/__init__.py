"""One file a revision; none imports code of posapp, so that a revision never changes."""
