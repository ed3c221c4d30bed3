"""What a purge takes and keeps, as the command line shows it: as plain values, and as tables."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from punchout.cli.console import table

if TYPE_CHECKING:
    from rich.table import Table

    from resources.retention import PurgeReport


def as_plain(found: "PurgeReport") -> dict[str, Any]:
    """Return what a purge takes and keeps as JSON shows it."""
    from punchout.model.moments import iso_utc

    taken, outcome, space = found.outcome.taken, found.outcome, found.space
    return {
        "as_of": iso_utc(found.as_of),
        "before": iso_utc(found.before),
        "erased": {
            "documents": sum(taken.documents.values()),
            "orders": taken.orders,
            "answers": taken.answers,
            "sessions": taken.sessions,
            "bytes": sum(taken.bytes.values()),
            "by_kind": {
                kind: {"count": taken.documents.get(kind, taken.orders), "bytes": size}
                for kind, size in sorted(taken.bytes.items())
            },
        },
        "kept": {
            "requests": {
                reason.name.lower(): {"count": count, "why": reason.value, "first": list(first)}
                for reason, (count, first) in outcome.kept_requests.items()
            },
            "documents": {
                reason.name.lower(): {"count": count, "why": reason.value}
                for reason, count in outcome.kept_documents.items()
            },
        },
        "space": None if space is None else {"before": space.before, "after": space.after, "problem": space.problem},
    }


def tables(found: "PurgeReport") -> "Iterator[Table]":
    """Yield what to draw of what a purge would take, and of what it keeps and why."""
    plain = as_plain(found)
    erased, kept = plain["erased"], plain["kept"]
    rows = [(kind, one["count"], one["bytes"]) for kind, one in erased["by_kind"].items()]
    rows += [(name, erased[of], None) for name, of in (("answers given", "answers"), ("users of sessions", "sessions"))]
    yield table(("erased", ">count", ">bytes"), (row for row in rows if row[1]), title="What goes")
    reasons = [("requests", one, ", ".join(one["first"])) for one in kept["requests"].values()]
    reasons += [("documents", one, "") for one in kept["documents"].values()]
    yield table(
        ("kept", ">count", "why", "such as"), ((what, one["count"], one["why"], first) for what, one, first in reasons),
        title="What stays",
    )  # fmt: skip
