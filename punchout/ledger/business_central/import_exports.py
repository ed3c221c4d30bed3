"""Unit of work: import. An export of Business Central becomes rows, identifiers and touches, or is refused whole.

An export is a document like any other. A row that says nothing new (same stamp, same content) is no new fact, so that
hourly full exports cost what changed in them. Reading the bytes is `resources.business_central`, handed in as a
function; which version of a row stands is decided by whoever reads the facts.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger import document_exceptions
from punchout.ledger.bodies import BODY, body_of
from punchout.ledger.business_central.placing import StatedRow, place
from punchout.ledger.documents.judging import reference_rows
from punchout.ledger.documents.verdicts import Pending, Verdict, claim_received, write_verdicts
from punchout.ledger.draining import Tally
from punchout.ledger.fact_rows import BC_ORDER, BC_REQUEST, FactTree, Rows, add_rows, insert_rows
from punchout.ledger.leases import exclusive
from punchout.ledger.resolving.references import references_of_row
from punchout.ledger.sql import chunks, insert_all, insert_new
from punchout.ledger.tables.facts import BC_EXPORT, DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.model.business_central import BcExport, BcRow
from punchout.model.keys import Account
from punchout.model.row_identity import row_sha256
from punchout.model.unreadable import Refused

ExportReader: TypeAlias = Callable[[str, bytes, Mapping[str, bytes]], BcExport]
"""Content, bytes, and the files a manifest may name by their sha256; raises `Refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts(Tally):
    """How many exports were taken, how many of them refused, and their rows."""

    refused: int = 0
    rows: int = 0
    new_rows: int = 0


@dataclass(frozen=True, slots=True)
class _NewRow:
    row: int
    record: BcRow
    version: int
    row_sha256: str


def import_exports(connection: sa.Connection, content: str, read_export: ExportReader, limit: int = 20) -> ImportCounts:
    """Import up to `limit` received exports of one content in their order, in the caller's transaction."""
    exclusive(connection, content)
    waiting = claim_received(connection, (content,), limit)
    verdicts: list[Verdict] = []
    rows = new_rows = 0
    for document in waiting:
        try:
            export = read_export(content, document.data, StoredParts(connection, document.account))
        except Refused as refused:
            verdicts.append(Verdict(document.document_id, "quarantined", refused.code, refused.where, refused.detail))
            continue
        verdicts.append(Verdict(document.document_id, "accepted"))
        rows += len(export.rows)
        new_rows += _write_export(connection, document, content, export)
    write_verdicts(connection, verdicts)
    document_exceptions.quarantined(connection, waiting, verdicts)
    refused_count = sum(verdict.state == "quarantined" for verdict in verdicts)
    return ImportCounts(total=len(waiting), refused=refused_count, rows=rows, new_rows=new_rows)


class StoredParts(Mapping[str, bytes]):
    """The files that a manifest may name, looked up by the sha256 of the bytes as they came."""

    def __init__(self, connection: sa.Connection, account: Account) -> None:
        """Look files up within one account."""
        self._connection = connection
        self._account = account

    def __getitem__(self, sha256: str) -> bytes:
        """Return a file's bytes."""
        row = self._connection.execute(
            sa.select(*BODY).where(
                DOCUMENT.c.company == self._account.company,
                DOCUMENT.c.supplier == self._account.supplier,
                DOCUMENT.c.content == "bc_part",
                DOCUMENT.c.received_sha256 == sha256,
                DOCUMENT.c.purge_id.is_(None),
            )
        ).one_or_none()
        if row is None:
            raise KeyError(sha256)
        return body_of(self._connection, row)

    def __iter__(self) -> Iterator[str]:
        """Files are looked up, never listed."""
        return iter(())

    def __len__(self) -> int:
        """Files are looked up, never listed."""
        return 0


def _write_export(connection: sa.Connection, document: Pending, content: str, export: BcExport) -> int:
    tree = BC_REQUEST if content == "bc_requests" else BC_ORDER
    account = {"company": document.account.company, "supplier": document.account.supplier}
    insert_all(
        connection, BC_EXPORT, [{"document_id": document.document_id, **account, **_export_row(content, export)}]
    )
    notes = [[note.code, note.where, note.detail] for note in export.notes]
    insert_new(
        connection,
        DOCUMENT_ENVELOPE,
        [{"document_id": document.document_id, "kind": content, "notes": json.dumps(notes) if notes else None}],
    )
    new = _new_rows(connection, tree, document.account, export)
    rows: Rows = {}
    for fresh in new:
        extra = {**account, "version": fresh.version, "row_sha256": fresh.row_sha256}
        add_rows(rows, tree, (document.document_id, fresh.row), fresh.record, extra)
    insert_rows(connection, rows)
    references = {reference for fresh in new for reference in references_of_row(fresh.row, fresh.record)}
    insert_all(connection, REFERENCE, reference_rows(document.document_id, document.account, references))
    place(connection, [StatedRow(document.account, document.document_id, fresh.row, fresh.record) for fresh in new])
    return len(new)


def _export_row(content: str, export: BcExport) -> dict[str, Any]:
    return {
        "content": content,
        "scope": export.scope,
        "exported_at_text": export.exported_at.text,
        "exported_at": _exported_at(export),
        "row_count": len(export.rows),
        "line_count": sum(len(row.lines) for row in export.rows),
    }


def _exported_at(export: BcExport) -> int:
    if export.exported_at.utc is None:
        message = "an export without an instant was accepted"
        raise RuntimeError(message)
    return export.exported_at.utc


def _new_rows(connection: sa.Connection, tree: FactTree, account: Account, export: BcExport) -> list[_NewRow]:
    exported_at = _exported_at(export)
    stated = [
        _NewRow(row, record, _version(record, exported_at), row_sha256(record))
        for row, record in enumerate(export.rows, start=1)
    ]
    columns = tree.table.c
    there: set[tuple[str, int, str]] = set()
    for chunk in chunks([row.record.number for row in stated]):
        query = sa.select(columns.number, columns.version, columns.row_sha256).where(
            columns.company == account.company, columns.supplier == account.supplier, columns.number.in_(chunk)
        )
        there |= {(row.number, row.version, row.row_sha256) for row in connection.execute(query)}
    return [row for row in stated if (row.record.number, row.version, row.row_sha256) not in there]


def _version(record: BcRow, exported_at: int) -> int:
    """Return the time that orders versions of a row: its own stamp, else that of its export."""
    if record.modified is not None and record.modified.utc is not None:
        return record.modified.utc
    return exported_at
