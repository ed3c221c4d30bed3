"""The tracking report: what people read who have no access to the ledger."""
