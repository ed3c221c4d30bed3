"""Whether a document is there is looked up before it is inserted, and no constraint stands behind the look."""

LANE = "together"
CAUGHT_BY = "is kept"
DATABASE = "postgres"
PREPARED_BY = ("ALTER TABLE document DROP CONSTRAINT uq_document_company_supplier_content_received_sha256_reading",)


def apply() -> None:
    """Nothing: it is the ledger that is broken, before the workers begin."""
