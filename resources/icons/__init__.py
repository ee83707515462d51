"""Lucide (ISC, see LICENSE.txt): the window's icons, drawn in the colour of their role."""
