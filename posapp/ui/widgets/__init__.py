"""The parts that every view and dialog is put together from; each draws itself by the theme and knows no service."""
