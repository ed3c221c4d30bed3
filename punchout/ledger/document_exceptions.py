"""Exceptions about documents: quarantined ones, and those for which no order is known.

Subjects are named by content, not by surrogate, so that the ledger reads the same in whatever order documents came.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from punchout.ledger.sql import chunks, upsert
from punchout.ledger.tables.projections import EXCEPTION
from punchout.model.codes import Code
from punchout.model.keys import Account

SUBJECT = "document"


class _Document(Protocol):
    @property
    def document_id(self) -> int: ...
    @property
    def account(self) -> Account: ...
    @property
    def received_sha256(self) -> str: ...


class _Verdict(Protocol):
    @property
    def document_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> Code | None: ...
    @property
    def detail(self) -> str | None: ...
    @property
    def duplicate_of(self) -> int | None: ...


def quarantined(connection: sa.Connection, documents: Iterable[_Document], verdicts: Iterable[_Verdict]) -> None:
    """Raise an exception for each quarantined document."""
    by_id = {document.document_id: document for document in documents}
    rows = [
        exception_row(
            by_id[verdict.document_id].account,
            verdict.reason,
            by_id[verdict.document_id].received_sha256,
            # Which document was first is a matter of arrival and must not enter a projection.
            verdict.reason.meaning if verdict.duplicate_of else verdict.detail,
        )
        for verdict in verdicts
        if verdict.state == "quarantined" and verdict.reason is not None
    ]
    upsert(connection, EXCEPTION, rows)


def waiting_key(body_sha256: str | None, portion: int) -> str:
    """Name one portion of a document by its content."""
    return f"{body_sha256}#{portion}"


def raise_waiting(connection: sa.Connection, found: Iterable[tuple[Account, Code, str]]) -> None:
    """Raise an exception for each portion that found no order."""
    upsert(connection, EXCEPTION, [exception_row(account, code, key, code.meaning) for account, code, key in found])


def settle(connection: sa.Connection, subject_keys: Sequence[str]) -> None:
    """Withdraw what was raised here about the named documents or portions; a request's own exceptions stay."""
    for chunk in chunks(subject_keys):
        connection.execute(
            sa.delete(EXCEPTION).where(
                EXCEPTION.c.subject == SUBJECT, EXCEPTION.c.request_no.is_(None), EXCEPTION.c.subject_key.in_(chunk)
            )
        )


def settle_document(connection: sa.Connection, received_sha256: str, body_sha256: str | None) -> None:
    """Withdraw what was raised here about a document and all its portions."""
    settle(connection, [received_sha256])
    if body_sha256 is not None:
        start = waiting_key(body_sha256, 0).removesuffix("0")
        connection.execute(
            sa.delete(EXCEPTION).where(
                EXCEPTION.c.subject == SUBJECT,
                EXCEPTION.c.request_no.is_(None),
                sa.func.substr(EXCEPTION.c.subject_key, 1, len(start)) == start,
            )
        )


def exception_row(account: Account, code: Code, subject_key: str, detail: str | None) -> Mapping[str, Any]:
    """Return the row of an exception about a document."""
    return {
        "company": account.company,
        "supplier": account.supplier,
        "code": code,
        "subject": SUBJECT,
        "subject_key": subject_key,
        "request_no": None,
        "severity": code.severity,
        "amount_at_risk": None,
        "currency": None,
        "detail": detail,
        "since": None,
    }
