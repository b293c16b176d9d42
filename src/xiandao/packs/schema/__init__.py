"""Pydantic models of the files of a policy pack, one module per kind of file."""
