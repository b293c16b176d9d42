"""What pages of all domains share: lists that filter, sort and export, and safe Excel."""
