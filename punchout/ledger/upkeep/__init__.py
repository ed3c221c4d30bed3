"""The ledger as a whole: made again, compared, verified."""
