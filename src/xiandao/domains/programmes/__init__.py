"""Programmes: what is called for, applied for, checked, recommended, noticed, decided. Defined by data."""
