"""People, organisations, regions, posts and what each may see."""
