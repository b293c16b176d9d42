"""Actions of the review desk."""
