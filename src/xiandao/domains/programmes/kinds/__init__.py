"""Tasks of programmes in the inbox."""
