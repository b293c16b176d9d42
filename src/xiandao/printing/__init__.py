"""Office documents whatever they speak of: GB/T 9704 layout, official documents as Word and PDF, the text of Word."""
