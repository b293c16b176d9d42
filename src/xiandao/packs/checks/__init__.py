"""Checks across the files of a pack: quotes against the text, references against the lists they point to."""
