"""Where the till's secrets are kept: the system's keyring or a sealed vault, with a recovery code for the worst day."""
