"""Views of registers and enterprises."""
