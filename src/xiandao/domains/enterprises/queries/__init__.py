"""Queries of registers and enterprises."""
