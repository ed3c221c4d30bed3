"""Decisions of people as they are kept: found by what they are about.

What keeps them is `decisions.deciding`.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.model.decisions import AnalystDecision, owner_of
from punchout.model.keys import Account, RequestKey, key_of_order

_CODEC = codec_of(AnalystDecision)


def decisions_about(
    connection: sa.Connection,
    bodies: Mapping[RequestKey, Iterable[str]],
    orders: Mapping[RequestKey, Iterable[str]],
) -> dict[RequestKey, list[AnalystDecision]]:
    """Return the decisions about some requests.

    Args:
        connection: to read from.
        bodies: the hashes of the documents' bodies, by request: decisions may be about these.
        orders: the purchase orders of each request: decisions may have been taken before the request claimed them.
    """
    # As a rule nobody has decided anything, and nothing more is asked.
    if not any_kept(connection):
        return {}
    asking: dict[tuple[str, str, str], set[tuple[RequestKey, str]]] = {}
    for key, hashes in bodies.items():
        numbers = {key.request_no, *(key_of_order(key.account, order).request_no for order in orders.get(key, ()))}
        names = {(name, number) for number in numbers for name in (number, owner_of(number))}
        for name, number in names | {(body, body) for body in hashes}:
            asking.setdefault((key.company, key.supplier, name), set()).add((key, number))
    found: dict[RequestKey, list[AnalystDecision]] = {}
    columns = (ANALYST_DECISION.c.company, ANALYST_DECISION.c.supplier, ANALYST_DECISION.c.owner)
    for chunk in chunks(asking):
        for row in connection.execute(sa.select(ANALYST_DECISION).where(key_in(columns, chunk))).mappings():
            one: AnalystDecision = _CODEC.decode(row, {})
            asked = asking[row["company"], row["supplier"], row["owner"]]
            for key in {key for key, number in asked if not _is_of_a_neighbour(one, row["owner"], number)}:
                found.setdefault(key, []).append(one)
    return found


def any_kept(connection: sa.Connection) -> bool:
    """Tell whether anybody decided anything."""
    return connection.execute(sa.select(ANALYST_DECISION.c.decision_id).limit(1)).first() is not None


def kept(connection: sa.Connection, account: Account) -> list[AnalystDecision]:
    """Return every decision of an account, oldest first."""
    columns = ANALYST_DECISION.c
    query = (
        sa.select(ANALYST_DECISION)
        .where(columns.company == account.company, columns.supplier == account.supplier)
        .order_by(columns.at, columns.decision_id)
    )
    return [_CODEC.decode(row, {}) for row in connection.execute(query).mappings()]


def decisions_of_documents(
    connection: sa.Connection, documents: Iterable[tuple[Account, str]]
) -> dict[tuple[Account, str], list[AnalystDecision]]:
    """Return the decisions about some documents, by their account and body hash, whatever requests they belong to."""
    if not any_kept(connection):
        return {}
    found: dict[tuple[Account, str], list[AnalystDecision]] = {}
    columns = (ANALYST_DECISION.c.company, ANALYST_DECISION.c.supplier, ANALYST_DECISION.c.owner)
    for chunk in chunks({(account.company, account.supplier, body) for account, body in documents}):
        for row in connection.execute(sa.select(ANALYST_DECISION).where(key_in(columns, chunk))).mappings():
            document = Account(row["company"], row["supplier"]), row["owner"]
            found.setdefault(document, []).append(_CODEC.decode(row, {}))
    return found


def _is_of_a_neighbour(decision: AnalystDecision, owner: str, number: str) -> bool:
    """Tell whether it was only found because a number holds a slash, and is about another request."""
    return owner == owner_of(number) != number and decision.subject != number
