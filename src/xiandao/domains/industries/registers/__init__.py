"""Registers of enterprises as files: read batch by batch, identified, bad rows kept aside. Does not need Django."""
