"""What programmes do when something happens elsewhere."""
