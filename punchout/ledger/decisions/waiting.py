"""Documents that wait for their order: the exceptions a person may decide about, though they belong to no request."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from punchout.ledger.decisions.decided import acknowledgements, in_order
from punchout.ledger.document_exceptions import waiting_key
from punchout.ledger.kept_decisions import decisions_of_documents
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.decisions import AnalystDecision, owner_of
from punchout.model.keys import Account
from punchout.reconciliation.differences import Change
from punchout.reconciliation.rulings import lets_be


def exceptions_of(connection: sa.Connection, account: Account, body_sha256: str) -> list[tuple[Code, str]]:
    """Return the exceptions of a document's portions that wait, also those that a person let be, by code and place."""
    start = waiting_key(body_sha256, 0).removesuffix("0")
    exception = EXCEPTION.c
    query = sa.select(exception.code, exception.subject_key).where(
        exception.company == account.company,
        exception.supplier == account.supplier,
        exception.request_no.is_(None),
        sa.func.substr(exception.subject_key, 1, len(start)) == start,
    )
    raised = {(Code[code], key) for code, key in connection.execute(query)}
    decided = decisions_of_documents(connection, [(account, body_sha256)]).get((account, body_sha256), [])
    let_be = {(Code[one.code], one.subject) for one in decided if one.kind == "waive" and one.code is not None}
    return sorted(raised | let_be)


def changes(connection: sa.Connection, account: Account, decisions: Sequence[AnalystDecision]) -> Iterator[Change]:
    """Yield what decisions would change in documents that wait."""
    for body in sorted({owner_of(one.subject) for one in decisions}):
        kept = decisions_of_documents(connection, [(account, body)]).get((account, body), [])
        for code, place in exceptions_of(connection, account, body):
            before, after = (_standing(known, code, place) for known in (kept, [*kept, *decisions]))
            if before != after:
                yield Change(place, code.value, before, after)


def _standing(decisions: Sequence[AnalystDecision], code: Code, place: str) -> str:
    if lets_be(decisions, code, place):
        return "waived"
    by = acknowledgements(in_order(decisions)).get((code.value, place))
    return "open" if by is None else f"acknowledged by {by}"
