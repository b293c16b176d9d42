"""What the review desk does when something happens elsewhere."""
