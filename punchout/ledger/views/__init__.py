"""What people and schedulers are shown of the ledger; read-only."""
