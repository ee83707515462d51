"""Noto (SIL Open Font License, see OFL.txt): one look for the scripts of our shops, whatever fonts a machine has."""
