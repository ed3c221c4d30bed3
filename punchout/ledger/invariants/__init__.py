"""The ledger's promises, each as a read-only check over the live ledger. `punchout.ledger.verify` runs them all."""
