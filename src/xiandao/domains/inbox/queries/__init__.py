"""Reading tasks."""
