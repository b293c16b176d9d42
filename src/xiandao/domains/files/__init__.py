"""Files: content-addressed, sniffed, capped, shown only to those who may see what they belong to."""
