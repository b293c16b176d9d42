"""Tags of the review desk."""
