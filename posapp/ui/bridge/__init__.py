"""Between the window and the services: threads, look-up, sync, and what every view gets."""
