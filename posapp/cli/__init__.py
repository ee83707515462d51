"""The `posapp` command: a second face beside the window, over the same services."""
