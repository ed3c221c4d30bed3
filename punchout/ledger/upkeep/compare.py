"""Two ledgers side by side: which requests, and which documents' verdicts, differ, and in which tables.

Read in the order of keys, some requests at a time, so that memory does not grow with what there is. Surrogates are left
out: a document is named by its bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

import sqlalchemy as sa

from punchout.ledger.ledger_hash import COVERED
from punchout.ledger.sql import key_in
from punchout.ledger.tables.control import DOCUMENT_STATE, REQUEST_WORK
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.projections import EXCEPTION

_REQUESTS_AT_ONCE = 200
_DOCUMENTS_AT_ONCE = 1_000
_Key: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One request or document in one table, of which two ledgers do not say the same.

    Attributes:
        subject: a request's number, an exception's subject, or the hash of a document's bytes.
        table: where it differs.
        here: how many rows only the first ledger has; for a document its state.
        there: how many rows only the second ledger has; for a document its state.
        columns: what differs in rows with one key.
    """

    subject: str
    table: str
    here: str
    there: str
    columns: tuple[str, ...] = ()


def compare(here: sa.Connection, there: sa.Connection) -> Iterator[Difference]:
    """Yield what differs: documents first, then what is about no request, then request by request."""
    yield from _documents(here, there)
    unowned = sa.select(EXCEPTION).where(EXCEPTION.c.request_no.is_(None))
    yield from _rows("documents without a request", EXCEPTION, *(_fetched(one, unowned) for one in (here, there)))
    for keys in _keys(here):
        yield from _requests(here, there, keys)
    for keys in _keys(there):
        yield from _requests(here, there, _missing(here, keys))


def _documents(here: sa.Connection, there: sa.Connection) -> Iterator[Difference]:
    """Compare verdicts in the order of receipt, in which two ledgers have the same documents."""
    for one, other in zip_longest(_verdicts(here), _verdicts(there)):
        if one != other:
            subject = (one or other or ("",))[0]
            yield Difference(subject, DOCUMENT_STATE.name, _verdict(one), _verdict(other))


def _verdicts(connection: sa.Connection) -> Iterator[tuple[str, str, str | None]]:
    query = (
        sa.select(DOCUMENT.c.received_sha256, DOCUMENT_STATE.c.state, DOCUMENT_STATE.c.reason)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.state != "superseded")
        .order_by(DOCUMENT.c.id)
    )
    with connection.execute(query.execution_options(yield_per=_DOCUMENTS_AT_ONCE)) as result:
        for row in result:
            yield row.received_sha256, row.state, row.reason


def _verdict(found: tuple[str, str, str | None] | None) -> str:
    return "not there" if found is None else " ".join(filter(None, found[1:]))


def _keys(connection: sa.Connection) -> Iterator[list[_Key]]:
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    last: _Key = ("", "", "")
    query = sa.select(*columns).order_by(*columns).limit(_REQUESTS_AT_ONCE)
    while rows := connection.execute(query.where(sa.tuple_(*columns) > sa.tuple_(*map(sa.literal, last)))).all():
        keys = [(row.company, row.supplier, row.request_no) for row in rows]
        yield keys
        last = keys[-1]


def _missing(connection: sa.Connection, keys: Sequence[_Key]) -> list[_Key]:
    work = REQUEST_WORK.c
    columns = (work.company, work.supplier, work.request_no)
    known = {tuple(row) for row in connection.execute(sa.select(*columns).where(key_in(columns, keys)))}
    return [key for key in keys if key not in known]


def _requests(here: sa.Connection, there: sa.Connection, keys: Sequence[_Key]) -> Iterator[Difference]:
    if not keys:
        return
    for table in COVERED:
        columns = (table.c.company, table.c.supplier, table.c.request_no)
        query = sa.select(table).where(key_in(columns, keys))
        both = [_by_request(_fetched(connection, query)) for connection in (here, there)]
        for key in keys:
            yield from _rows(key[2], table, both[0].get(key, []), both[1].get(key, []))


def _fetched(connection: sa.Connection, query: sa.Select[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _by_request(rows: Sequence[Mapping[str, Any]]) -> dict[_Key, list[Mapping[str, Any]]]:
    found: dict[_Key, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["company"], row["supplier"], row["request_no"]), []).append(row)
    return found


def _rows(
    subject: str, table: sa.Table, here: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    names = [column.name for column in table.primary_key]
    one, other = ({tuple(row[name] for name in names): row for row in rows} for rows in (here, there))
    differing = [key for key in one.keys() & other.keys() if one[key] != other[key]]
    columns = {name for key in differing for name, value in one[key].items() if other[key][name] != value}
    only_here, only_there = len(one.keys() - other.keys()), len(other.keys() - one.keys())
    if differing or only_here or only_there:
        yield Difference(
            subject,
            table.name,
            f"{len(differing) + only_here} of {len(one)} rows",
            f"{len(differing) + only_there} of {len(other)} rows",
            tuple(sorted(columns)),
        )
