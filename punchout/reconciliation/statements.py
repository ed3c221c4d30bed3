"""Inbound documents as statements: one a content, however often it was delivered.

Whatever is decided here or above looks at the content only. Document ids are carried for display, first receipts for
deadlines that no document states. Which statement of several versions stands is `versions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from punchout.model.history import Stated
from punchout.model.moments import Micros, Moment, day_in_zone

T = TypeVar("T")


class _Placed(Protocol):
    @property
    def ordinal(self) -> int: ...


P = TypeVar("P", bound=_Placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Generic[T]):
    """One content, with every payloadID it came under.

    Attributes:
        body: the facts.
        body_sha256: identity of the content.
        payload_ids: the envelopes' payloadIDs; what a later version refers to is one of them.
        received: first receipt of any delivery.
        timestamp: the earliest that an envelope states.
        document_id: lowest surrogate, for display and trace only.
        is_partial: other requests have parts of it, which are not here.
    """

    body: T
    body_sha256: str
    payload_ids: frozenset[str]
    received: Micros
    document_id: int
    is_partial: bool = False
    timestamp: Micros | None = None


def distinct(stated: Iterable[Stated[T]]) -> tuple[Statement[T], ...]:
    """Fold deliveries of the same content into one statement; sorted by content hash."""
    deliveries: dict[str, list[Stated[T]]] = {}
    for one in stated:
        deliveries.setdefault(one.source.body_sha256, []).append(one)
    return tuple(_folded(deliveries[sha]) for sha in sorted(deliveries))


def in_place(parts: Iterable[P]) -> list[P]:
    """Return the parts of a document in document order."""
    return sorted(parts, key=lambda part: part.ordinal)


def moment_order(moment: Moment | None, zone: ZoneInfo) -> tuple[str, Micros]:
    """Return a key that sorts moments by time; a stated day sorts before the instants of that day, nothing first."""
    if moment is None:
        return "", 0
    return day_in_zone(moment, zone) or "", moment.utc or 0


def stated_at(moment: Moment | None, received: Micros) -> Micros:
    """Return the stated instant; the first receipt where none is, since a day is never turned into an instant."""
    return received if moment is None or moment.utc is None else moment.utc


def _folded(same: list[Stated[T]]) -> Statement[T]:
    first = min(same, key=lambda stated: stated.source.document_id)
    return Statement(
        body=first.body,
        body_sha256=first.source.body_sha256,
        payload_ids=frozenset(
            payload_id
            for stated in same
            for payload_id in (stated.source.payload_id, *stated.source.also_as)
            if payload_id is not None
        ),
        received=min(stated.source.received for stated in same),
        document_id=first.source.document_id,
        is_partial=first.source.is_partial,
        timestamp=min((one.source.timestamp for one in same if one.source.timestamp is not None), default=None),
    )
