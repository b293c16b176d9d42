"""The Excel file of an organisation or of a whole city: written as a template, read in again, annotated with faults."""
