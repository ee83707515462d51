"""Whether a till keeps its promises with each of the five customer APIs, through the command line alone."""
