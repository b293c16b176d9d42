"""Kinds of task of programmes."""
