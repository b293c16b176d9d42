"""Industries as documents name them: one code table, versioned per document, with aliases."""
