"""The jobs: which assets run together. Every job runs its steps in one process, because they talk through the ledger.

`sync` is the batch that a company runs; the four before it are its parts, to be run alone. The report is a job of its
own, so that people can read where things stand also when a sync has failed.
"""

import dagster as dg

_INBOUND = dg.AssetSelection.groups("inbound")
_BUSINESS_CENTRAL = dg.AssetSelection.groups("business_central")
_RECONCILIATION = dg.AssetSelection.groups("reconciliation")
_OUTBOUND = dg.AssetSelection.groups("outbound")

# One at a time where runs are queued: they would do each other no harm, but wait for the same rows.
WRITES = {"punchout/ledger": "writes"}

INGEST_DOCUMENTS = dg.define_asset_job(
    "ingest_documents",
    selection=_INBOUND,
    description="Takes in what lies in the feeds and reads the cXML documents among it.",
    executor_def=dg.in_process_executor,
    tags=WRITES,
)
IMPORT_BUSINESS_CENTRAL = dg.define_asset_job(
    "import_business_central",
    selection=_BUSINESS_CENTRAL,
    description="Judges and imports the exports of Business Central that were received.",
    executor_def=dg.in_process_executor,
    tags=WRITES,
)
RECONCILE = dg.define_asset_job(
    "reconcile",
    selection=_RECONCILIATION,
    description="Finds the requests that documents belong to, and computes touched and due requests anew.",
    executor_def=dg.in_process_executor,
    tags=WRITES,
)
SEND_ORDERS = dg.define_asset_job(
    "send_orders",
    selection=_OUTBOUND,
    description="Writes orders down, sends them, and tells Business Central.",
    executor_def=dg.in_process_executor,
    tags=WRITES,
)
SYNC = dg.define_asset_job(
    "sync",
    selection=_INBOUND | _BUSINESS_CENTRAL | _RECONCILIATION | _OUTBOUND,
    description="One batch sync: everything from the feeds to the updates for Business Central.",
    executor_def=dg.in_process_executor,
    tags=WRITES,
)
REPORT = dg.define_asset_job(
    "report",
    selection=dg.AssetSelection.groups("reports"),
    description="Writes the tracking report from what the ledger holds.",
    executor_def=dg.in_process_executor,
)
JOBS = (INGEST_DOCUMENTS, IMPORT_BUSINESS_CENTRAL, RECONCILE, SEND_ORDERS, SYNC, REPORT)
