"""Files that ship with posapp (fonts, icons, sample data), read by importlib.resources."""
