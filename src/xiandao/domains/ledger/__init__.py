"""The ledger (台账): what counts or was published, with its decision, term, evaluation and what it serves."""
