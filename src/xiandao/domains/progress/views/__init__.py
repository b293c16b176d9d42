"""Pages of progress, part by part."""
