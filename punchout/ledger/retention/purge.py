"""Unit of work: purge. A person's decision to erase what is over, and batch by batch what it erases.

Each batch is one transaction with the decision that tells of it: cut short anywhere, what is erased is written down,
and the same command goes on with the rest. A file of the archive goes after the transaction that needs it no more; one
that was left goes with the next purge.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.reconciling.reconcile import Policies
from punchout.ledger.retention.discarding import archived, discard, sweep
from punchout.ledger.retention.erasing import Taken, erase, measured
from punchout.ledger.retention.finished import Finished, KeptRequest, finished_requests, still_finished
from punchout.ledger.retention.going import Going, KeptDocument, NamedParts
from punchout.ledger.runs import audit
from punchout.ledger.sql import chunks, insert_all
from punchout.ledger.tables.decisions import PURGE
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros

_REQUESTS_AT_ONCE = 100
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PurgeTerms:
    """What a purge depends on.

    Attributes:
        policies: the company's: they say when a request is over.
        named_parts: reads which files an export names.
        before: what was received at this moment or later stays.
        as_of: the moment it happens at.
    """

    policies: Policies
    named_parts: NamedParts
    before: Micros
    as_of: Micros


@dataclass(frozen=True, slots=True)
class Decided:
    """Who wants it, and why."""

    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PurgeOutcome:
    """What was erased, or would be, and what is old enough and stays.

    Attributes:
        kept_requests: how many requests are kept by the reason, with the numbers of the first.
        kept_documents: how many documents that are old enough are kept, by the reason.
    """

    taken: Taken
    kept_requests: dict[KeptRequest, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    kept_documents: dict[KeptDocument, int] = field(default_factory=dict)


def plan(connection: sa.Connection, terms: PurgeTerms) -> PurgeOutcome:
    """Say what a purge would erase, and change nothing."""
    finished = _finished(connection, terms)
    going = Going(terms.before, terms.named_parts)
    taken = Taken()
    for keys in _in_batches(finished):
        found = going.of_requests(connection, keys, lambda owners: owners & finished.results.keys())
        taken += measured(connection, found, keys)
    for step in going.steps:
        after: int | None = 0
        while after is not None:
            found, after = step(connection, after)
            taken += measured(connection, found, ())
    return _outcome(connection, taken, finished, going)


def purge(engine: sa.Engine, terms: PurgeTerms, decided: Decided) -> PurgeOutcome:
    """Erase what is over, in transactions of some hundreds of documents."""
    with reading(engine) as connection:
        finished = _finished(connection, terms)
    going = Going(terms.before, terms.named_parts)
    taken = Taken()
    for keys in _in_batches(finished):
        with engine.begin() as connection:
            still = still_finished(connection, keys, finished)
            found = going.of_requests(connection, still, partial(still_finished, connection, found=finished))
            bodies = archived(connection, found)
            taken += _erase(connection, found, sorted(still), terms, decided)
        discard(engine, bodies)
    for step in going.steps:
        after: int | None = 0
        while after is not None:
            with engine.begin() as connection:
                found, after = step(connection, after)
                bodies = archived(connection, found)
                taken += _erase(connection, found, (), terms, decided)
            discard(engine, bodies)
    sweep(engine)
    with reading(engine) as connection:
        return _outcome(connection, taken, finished, going)


def _finished(connection: sa.Connection, terms: PurgeTerms) -> Finished:
    return finished_requests(connection, terms.policies, terms.before, terms.as_of)


def _in_batches(finished: Finished) -> Iterator[list[RequestKey]]:
    return chunks(sorted(finished.results), _REQUESTS_AT_ONCE)


def _erase(
    connection: sa.Connection, found: Sequence[int], keys: Sequence[RequestKey], terms: PurgeTerms, decided: Decided
) -> Taken:
    """Erase one batch and write it down, in the caller's transaction."""
    taken = measured(connection, found, keys)
    if not taken.total:
        return taken
    if connection.dialect.name == "sqlite":
        # What is freed is overwritten with zeros, in the file and in its log.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    purge_id = uuid.uuid4().hex
    erase(connection, found, keys, purge_id)
    counts = {"documents": len(found), "orders": taken.orders, "answers": taken.answers, "sessions": taken.sessions}
    row = {"purge_id": purge_id, "before": terms.before, **counts, "bytes": sum(taken.bytes.values())}
    insert_all(connection, PURGE, [{**row, "by": decided.by, "at": terms.as_of, "reason": decided.reason}])
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    audit(connection, terms.as_of, decided.by, "purge", purge_id, told)
    return taken


def _outcome(connection: sa.Connection, taken: Taken, finished: Finished, going: Going) -> PurgeOutcome:
    requests = {
        reason: (len(keys), tuple(key.request_no for key in sorted(keys)[:_SHOWN]))
        for reason, keys in finished.kept.items()
    }
    return PurgeOutcome(taken, requests, dict(going.kept(connection)))
