"""What can be done to progress."""
