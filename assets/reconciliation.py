"""Assets of the group `reconciliation`: what follows from the facts, line by line, for every touched request.

One unit of work fills them all, so they are one multi-asset.
"""

from collections.abc import Iterator
from typing import TypeAlias

import dagster as dg

from assets.business_central import punchout_requests, purchase_orders
from assets.inbound import parsed_documents
from assets.metadata import Counts, described
from punchout.ledger.reconciling.reconcile import ReconcileCounts
from punchout.ledger.resolving.resolve import ResolveCounts
from resources.exchange import Exchange

_OWNERS = ["team:purchasing", "team:accounts-payable"]
_KINDS = {"sql"}
_FACTS = [parsed_documents, punchout_requests, purchase_orders]

_Results: TypeAlias = Iterator[dg.MaterializeResult[None]]

_SPECS = [
    dg.AssetSpec(
        "line_positions",
        deps=_FACTS,
        owners=_OWNERS,
        kinds=_KINDS,
        description="For each line of a request what was ordered, confirmed, shipped, received and invoiced, and when.",
    ),
    dg.AssetSpec(
        "line_matches",
        deps=[*_FACTS, "line_positions"],
        owners=_OWNERS,
        kinds=_KINDS,
        description="The three-way match of each line with its baselines and tolerances, and what is billed beside it.",
    ),
    dg.AssetSpec(
        "request_stages",
        deps=[*_FACTS, "line_positions"],
        owners=_OWNERS,
        kinds=_KINDS,
        description="The stage of each request, with its Order Confirmation ID.",
    ),
    dg.AssetSpec(
        "exceptions",
        deps=[*_FACTS, "line_positions", "request_stages"],
        owners=_OWNERS,
        kinds=_KINDS,
        description="What does not fit together, each with a reason code and what to do about it.",
    ),
]


@dg.multi_asset(name="reconciliation", group_name="reconciliation", specs=_SPECS)
def reconciliation(exchange: dg.ResourceParam[Exchange]) -> _Results:
    """Resolve documents to requests, and compute touched and due requests anew."""
    due = exchange.touch_due()
    settled = settled_counts(*exchange.settle())
    counts: dict[str, Counts] = {"request_stages": {"requests_due": due, **settled}}
    for spec in _SPECS:
        asset = spec.key.to_user_string()
        yield dg.MaterializeResult(
            asset_key=spec.key, metadata=described(asset, exchange.engine, counts.get(asset, {}))
        )


def settled_counts(resolved: ResolveCounts, reconciled: ReconcileCounts) -> dict[str, int]:
    """Return what settling did, under the names that add up over the steps of a sync."""
    return {
        "documents_resolved": resolved.resolved,
        "requests_reconciled": reconciled.total,
        "requests_changed": reconciled.changed,
    }
