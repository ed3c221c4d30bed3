"""The ledger's promises, each as a read-only check over the live ledger. `upkeep.verify` runs them all."""
