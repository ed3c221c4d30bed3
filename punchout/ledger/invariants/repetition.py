"""Promises about doing things again: what came twice counts once, nothing waits for ever, nothing is left to write."""

from typing import Any

import sqlalchemy as sa

from punchout.ledger.business_central.updates import UpdateRules, updates_due
from punchout.ledger.invariants.finding import Damage, Finding, finding
from punchout.ledger.sql import chunks
from punchout.ledger.tables.control import DOCUMENT_STATE, REQUEST_WORK
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE
from punchout.ledger.tables.logs import AUDIT, DELIVERY, RUN
from punchout.ledger.touches import waiting
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros

# Kinds of which the same body twice is the same document twice. An answer says the same of many orders.
_SAID_ONCE = ("ConfirmationRequest", "ShipNoticeRequest", "InvoiceDetailRequest", "PunchOutOrderMessage")


def what_came_twice_counts_once(connection: sa.Connection, damage: Damage) -> Finding:
    """I5: of every document one sighting is the first, no two that count say the same, and a repeat repeats one.

    A document that was read again is one document still, whichever of its readings a later sighting belongs to.
    """
    firsts = sa.func.sum(sa.case((DELIVERY.c.is_first, 1), else_=0))
    document = DOCUMENT.c
    sighted = (
        sa.select(sa.func.min(document.id), firsts)
        .join(DELIVERY, DELIVERY.c.document_id == document.id)
        .group_by(document.company, document.supplier, document.content, document.received_sha256)
        .having(firsts != 1)
    )
    wrong = [f"document {number} came {count} times first" for number, count in connection.execute(sighted)]
    first_to_say: dict[tuple[str, ...], int] = {}
    for number, *said in connection.execute(_that_count()):
        first = first_to_say.setdefault(tuple(said), number)
        if first != number and number not in damage.documents:
            wrong.append(f"document {number} says what document {first} says, and both count")
    state = DOCUMENT_STATE.c
    orphaned = sa.select(state.document_id).where(state.state == "duplicate", state.duplicate_of.is_(None))
    wrong += [f"document {number} repeats nothing" for number in connection.execute(orphaned).scalars()]
    return finding("I5", "What came twice counts once", wrong)


def _that_count() -> sa.Select[Any]:
    envelope, document = DOCUMENT_ENVELOPE.c, DOCUMENT.c
    return (
        sa.select(document.id, document.company, document.supplier, envelope.kind, envelope.body_sha256)
        .join(DOCUMENT_ENVELOPE, envelope.document_id == document.id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == document.id)
        .where(DOCUMENT_STATE.c.state == "accepted", envelope.kind.in_(_SAID_ONCE), envelope.body_sha256.is_not(None))
        .order_by(document.id)
    )


def nothing_waits_behind_another(connection: sa.Connection) -> Finding:
    """I16: a sync that ended has judged every document that was there before it, whatever the others were.

    One that a person had read again since may wait for the next sync.
    """
    ended = sa.select(sa.func.max(RUN.c.as_of)).where(RUN.c.ended_at.is_not(None), RUN.c.name.not_like("% %"))
    last = connection.execute(ended).scalar_one_or_none()
    if last is None:
        return finding("I16", "No document keeps another from being read", ())
    again = sa.select(AUDIT.c.subject).where(AUDIT.c.command == "quarantine redrive", AUDIT.c.at >= last)
    redriven = set(connection.execute(again).scalars())
    query = (
        sa.select(DOCUMENT.c.id)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.state == "received", DOCUMENT.c.received_at < last)
    )
    wrong = [
        f"document {number} was not read by the last sync"
        for number in connection.execute(query).scalars()
        if str(number) not in redriven
    ]
    return finding("I16", "No document keeps another from being read", wrong)


def nothing_is_left_to_write(connection: sa.Connection, rules: UpdateRules, as_of: Micros, damage: Damage) -> Finding:
    """I18: for a request at which nothing has happened since the last sync, another sync would write nothing."""
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    settled = {RequestKey(*row) for row in connection.execute(sa.select(*columns).where(~work.update_is_due))}
    wrong: list[str] = []
    for keys in chunks(sorted(settled - waiting(connection) - damage.requests - damage.shown), 200):
        due = updates_due(connection, keys, rules, as_of)
        wrong += [f"a {row['kind']} update of request {row['request_no']} was never written down" for row in due]
    return finding("I18", "A sync without anything new writes nothing", wrong)
