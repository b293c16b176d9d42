"""Reading progress, scoped to a viewer."""
