"""A whole day at the till against a server stub, in a throw-away home: what posapp does, shown, timed and proven."""
