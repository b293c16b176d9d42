"""Actions of registers and enterprises."""
