"""Unit of work: decide. What a named person decided is kept, and the requests it is about are looked at again.

A decision is kept under the names of business and content only, so that it may come before what it is about. What a
person's words mean is found out in `subjects`; what a decision does is `punchout.reconciliation.rulings`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.resolving.resolve import ask_waiting
from punchout.ledger.runs import audit
from punchout.ledger.sql import chunks, insert_new
from punchout.ledger.tables.control import REQUEST_WORK
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT, IDENTIFIER
from punchout.ledger.touches import touch
from punchout.model.decisions import AnalystDecision, owner_of
from punchout.model.keys import STAND_IN, Account, RequestKey
from punchout.model.moments import Micros

_CODEC = codec_of(AnalystDecision)


def decide(
    connection: sa.Connection, account: Account, decisions: Sequence[AnalystDecision], by: str, at: Micros
) -> list[AnalystDecision]:
    """Keep decisions, in the caller's transaction; returns those that were not there yet.

    Args:
        connection: in the caller's transaction.
        account: whose requests and documents they are about.
        decisions: what was decided; one that says the same as one that is kept is that one.
        by: who hands them in, for the log.
        at: when they are handed in, for the log.
    """
    new = unkept(connection, account, decisions)
    insert_new(connection, ANALYST_DECISION, [_row(account, identity, one) for identity, one in new.items()])
    touch_concerned(connection, account, list(new.values()))
    for one in new.values():
        audit(connection, at, by, f"decide {one.kind}", one.subject, _detail(one))
    return list(new.values())


def unkept(
    connection: sa.Connection, account: Account, decisions: Sequence[AnalystDecision]
) -> dict[str, AnalystDecision]:
    """Return those decisions that are not kept yet, each once, by their identity."""
    told = {decision_id(account, one): one for one in decisions}
    there: set[str] = set()
    for chunk in chunks(told):
        query = sa.select(ANALYST_DECISION.c.decision_id).where(ANALYST_DECISION.c.decision_id.in_(chunk))
        there |= set(connection.execute(query).scalars())
    return {identity: one for identity, one in told.items() if identity not in there}


def touch_concerned(connection: sa.Connection, account: Account, decisions: Sequence[AnalystDecision]) -> None:
    """Have the requests that decisions are about looked at again, and the documents that wait for theirs.

    To be asked for once more after the decisions have committed: a document that another worker was just giving to a
    request was not to be seen before.
    """
    touch(connection, {key for keys in concerned(connection, account, decisions).values() for key in keys})
    ask_waiting(connection, {owner_of(one.subject) for one in decisions})


def concerned(
    connection: sa.Connection, account: Account, decisions: Sequence[AnalystDecision]
) -> dict[AnalystDecision, set[RequestKey]]:
    """Return the known requests that each decision is about; none where what it is about has not come yet."""
    owners: dict[str, set[RequestKey]] = {}
    names = {name for one in decisions for name in (owner_of(one.subject), one.subject)}
    for chunk in chunks(sorted(names)):
        for query in (_requests_named(account, chunk), _requests_claiming(account, chunk), _requests_with(chunk)):
            for row in connection.execute(query):
                if (row.company, row.supplier) == (account.company, account.supplier):
                    owners.setdefault(row.name, set()).add(RequestKey(row.company, row.supplier, row.request_no))
    return {one: owners.get(owner_of(one.subject), set()) | owners.get(one.subject, set()) for one in decisions}


def decision_id(account: Account, decision: AnalystDecision) -> str:
    """Return the hash of all that a decision says, and of whose books it is about."""
    said = json.dumps([account.company, account.supplier, *astuple(decision)], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _row(account: Account, identity: str, decision: AnalystDecision) -> dict[str, object]:
    return {
        "decision_id": identity,
        "company": account.company,
        "supplier": account.supplier,
        "owner": owner_of(decision.subject),
        **_CODEC.encode(decision),
    }


def _requests_named(account: Account, names: Sequence[str]) -> sa.Select[tuple[str, str, str, str]]:
    work = REQUEST_WORK.c
    return sa.select(work.company, work.supplier, work.request_no, work.request_no.label("name")).where(
        work.company == account.company, work.supplier == account.supplier, work.request_no.in_(names)
    )


def _requests_claiming(account: Account, names: Sequence[str]) -> sa.Select[tuple[str, str, str, str]]:
    """Select the requests that a purchase order belongs to by now, by the name it has while none claims it."""
    known = IDENTIFIER.c
    orders = [name.removeprefix(STAND_IN) for name in names if name.startswith(STAND_IN)]
    return sa.select(
        known.company, known.supplier, known.request_no, (sa.literal(STAND_IN) + known.value).label("name")
    ).where(
        known.company == account.company,
        known.supplier == account.supplier,
        known.kind == "order",
        known.value.in_(orders),
    )


def _requests_with(bodies: Sequence[str]) -> sa.Select[tuple[str, str, str, str]]:
    placed, envelope = ASSIGNMENT.c, DOCUMENT_ENVELOPE.c
    return (
        sa.select(placed.company, placed.supplier, placed.request_no, envelope.body_sha256.label("name"))
        .join(DOCUMENT_ENVELOPE, envelope.document_id == placed.document_id)
        .where(envelope.body_sha256.in_(bodies))
        .distinct()
    )


def _detail(decision: AnalystDecision) -> str:
    more = (decision.line_key, decision.code, None if decision.price is None else str(decision.price))
    said = ", ".join(value for value in more if value is not None)
    return f"{said}: {decision.reason}" if said else decision.reason
