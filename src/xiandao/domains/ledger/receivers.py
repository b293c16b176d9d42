"""What ledger do when something happens elsewhere."""
