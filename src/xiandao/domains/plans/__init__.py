"""Plans as published: actions, measures, targets, duties, each with its place in the text; and their import."""
