"""What progress does when other domains act."""
