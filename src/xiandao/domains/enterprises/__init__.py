"""Registers as versions, the enterprises identified in them, and what they amount to by industry and place."""
