"""How the window looks, in one place: colours by role, the type scale, 4-px spacing, icons, fonts, the style sheet."""
