"""Contract tests of the server stub."""
