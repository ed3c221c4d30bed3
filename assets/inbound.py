"""Assets of the group `inbound`: documents as they came, and what they say."""

from dataclasses import fields

import dagster as dg

from assets.metadata import Counts, described
from resources.exchange import Exchange
from resources.inbox import Taken

_GROUP = "inbound"
_OWNERS = ["team:integration"]


@dg.asset(
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"folder", "sql"},
    description="Every document that lay in a feed, kept once as bytes; a file is removed when it is committed.",
)
def received_documents(exchange: dg.ResourceParam[Exchange]) -> dg.MaterializeResult[None]:
    """Take in what lies in every feed."""
    by_feed = exchange.receive()
    total = {one.name: sum(getattr(taken, one.name) for taken in by_feed.values()) for one in fields(Taken)}
    counts: Counts = {
        "documents_seen": total["total"],
        "documents_new": total["new"],
        "duplicates": total["total"] - total["new"],
        "documents_left": total["left"],
        "documents_oversize": total["oversize"],
        "documents_kept": total["kept"],
        "feeds_unavailable": {name: taken.unavailable for name, taken in by_feed.items() if taken.unavailable},
        "documents_new_by_feed": {name: taken.new for name, taken in by_feed.items()},
    }
    return dg.MaterializeResult(metadata=described("received_documents", exchange.engine, counts))


@dg.asset(
    deps=[received_documents],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"xml", "sql"},
    description="What cXML documents state, as facts; one that cannot be read or trusted is quarantined with a reason.",
)
def parsed_documents(exchange: dg.ResourceParam[Exchange]) -> dg.MaterializeResult[None]:
    """Judge received documents and keep their facts."""
    parsed = exchange.parse()
    counts: Counts = {
        "documents_parsed": parsed.total,
        "documents_accepted": parsed.accepted,
        "duplicates": parsed.duplicate,
        "quarantined": parsed.quarantined,
    }
    return dg.MaterializeResult(metadata=described("parsed_documents", exchange.engine, counts))
