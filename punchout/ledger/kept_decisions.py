"""Decisions of people as they are kept: found by what they are about.

What keeps them is `decisions.deciding`.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.model.decisions import AnalystDecision, owner_of
from punchout.model.keys import Account, RequestKey

_CODEC = codec_of(AnalystDecision)


def decisions_about(
    connection: sa.Connection, bodies: Mapping[RequestKey, Iterable[str]]
) -> dict[RequestKey, list[AnalystDecision]]:
    """Return the decisions about some requests, found by their numbers and by the hashes of their documents' bodies."""
    # As a rule nobody has decided anything, and nothing more is asked.
    if not any_kept(connection):
        return {}
    asking: dict[tuple[str, str, str], set[RequestKey]] = {}
    for key, hashes in bodies.items():
        for name in {key.request_no, owner_of(key.request_no), *hashes}:
            asking.setdefault((key.company, key.supplier, name), set()).add(key)
    found: dict[RequestKey, list[AnalystDecision]] = {}
    columns = (ANALYST_DECISION.c.company, ANALYST_DECISION.c.supplier, ANALYST_DECISION.c.owner)
    for chunk in chunks(asking):
        for row in connection.execute(sa.select(ANALYST_DECISION).where(key_in(columns, chunk))).mappings():
            one: AnalystDecision = _CODEC.decode(row, {})
            for key in asking[row["company"], row["supplier"], row["owner"]]:
                if not _is_of_a_neighbour(one, row["owner"], key.request_no):
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


def _is_of_a_neighbour(decision: AnalystDecision, owner: str, request_no: str) -> bool:
    """Tell whether it was only found because the request's number holds a slash, and is about another request."""
    return owner == owner_of(request_no) != request_no and decision.subject != request_no
