"""The window driven as a person drives it: by keys alone, over a real till and a real stub."""
