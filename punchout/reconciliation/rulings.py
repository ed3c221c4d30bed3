"""What people decided, in the shape that reconciliation looks it up in. Decisions outrank every rule.

Of several decisions about one subject the latest stands; at the same time the one that says less is done: unlink over
link, the lower price.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from punchout.model.codes import Code
from punchout.model.decisions import AnalystDecision
from punchout.model.exact import Millionths
from punchout.model.history import RequestHistory

CLOSED = frozenset(
    {
        Code.CONF_REJECTED_LINE,
        Code.CONF_PARTIAL_QTY,
        Code.CONF_BACKORDER,
        Code.CONF_QTY_SUM,
        Code.CONF_DATE_SLIP,
        Code.SHIP_OVERDUE,
    }
)
"""Exceptions that closing their line settles: all of them are about what is still to come."""

ExceptionKey = tuple[str, str]
"""Code and subject key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """The decisions that stand.

    Attributes:
        links: the line of a place (`body hash#ordinals`), None where it was taken off every line.
        waived: exceptions that count no more.
        acknowledged: exceptions that somebody knows of, and who.
        prices: agreed unit prices, by line key.
        closed: lines of which nothing more will come.
        ignored: documents that count for nothing, by body hash.
    """

    links: Mapping[str, str | None] = field(default_factory=dict)
    waived: frozenset[ExceptionKey] = frozenset()
    acknowledged: Mapping[ExceptionKey, str] = field(default_factory=dict)
    prices: Mapping[str, Millionths] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def rulings_of(decisions: Iterable[AnalystDecision], request_no: str) -> Rulings:
    """Sort decisions by what they do.

    Args:
        decisions: about one request, by the names that it and its lines go by now (`decision_names`).
        request_no: the request's number.
    """
    decisions, request = sorted(decisions, key=_standing), f"{request_no}/"
    return Rulings(
        links={one.subject: one.line_key if one.kind == "link" else None for one in _of(decisions, "link", "unlink")},
        waived=frozenset((one.code or "", one.subject) for one in _of(decisions, "waive")),
        acknowledged={(one.code or "", one.subject): one.by for one in _of(decisions, "acknowledge")},
        prices={
            one.subject.removeprefix(request): one.price
            for one in _of(decisions, "accept_price")
            if one.price is not None
        },
        closed=frozenset(one.subject.removeprefix(request) for one in _of(decisions, "close_line")),
        ignored=ignored_by(decisions),
    )


def ignored_by(decisions: Iterable[AnalystDecision]) -> frozenset[str]:
    """Return the documents that count for nothing, by body hash."""
    return frozenset(one.subject.partition("#")[0] for one in _of(decisions, "ignore_doc"))


def lets_be(decisions: Iterable[AnalystDecision], code: Code, place: str) -> bool:
    """Tell whether a person let an exception of a document be that belongs to no request, or ignores the document."""
    return any(
        (one.kind == "waive" and (one.code, one.subject) == (code.value, place))
        or (one.kind == "ignore_doc" and one.subject == place.partition("#")[0])
        for one in decisions
    )


def without_ignored(history: RequestHistory) -> RequestHistory:
    """Return the history as if the ignored documents had never come."""
    ignored = ignored_by(history.decisions)
    if not ignored:
        return history
    kept: dict[str, Any] = {
        name: tuple(one for one in getattr(history, name) if one.source.body_sha256 not in ignored)
        for name in ("carts", "order_requests", "confirmations", "ship_notices", "invoices", "status_updates")
    }
    return replace(history, **kept)


def without_ignored_carts(history: RequestHistory) -> RequestHistory:
    """Return the history without ignored carts: what an order or an update to Business Central may be made of."""
    ignored = ignored_by(history.decisions)
    return replace(history, carts=tuple(one for one in history.carts if one.source.body_sha256 not in ignored))


def place_key(body_sha256: str, ordinals: Iterable[int]) -> str:
    """Name a place as exceptions and decisions do."""
    return f"{body_sha256}#{'.'.join(map(str, ordinals))}"


def _of(decisions: Iterable[AnalystDecision], *kinds: str) -> list[AnalystDecision]:
    return [one for one in decisions if one.kind in kinds]


def _standing(one: AnalystDecision) -> tuple[int, bool, int, str, str]:
    return one.at, one.kind == "unlink", -(one.price or 0), one.line_key or "", one.by
