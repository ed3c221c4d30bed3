"""Replay: what a ledger was made from is put into an empty one, so that everything else can be computed again there.

Documents go over as they came, in the order of their receipt, to be read as if they had just come; those whose bytes
were purged with their facts (`carrying`). What documents do not hold goes over as it stands: the facts of our own
sending and of the punchout sessions we opened, and what people decided. Nothing goes into the outbox, so that a
replayed ledger has nothing to send. What is made of it all is up to the units of work.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger import schema
from punchout.ledger.bodies import copied
from punchout.ledger.documents.quarantine import set_aside
from punchout.ledger.documents.receive import PART
from punchout.ledger.engine import reading
from punchout.ledger.search import sightings
from punchout.ledger.shopping.sessions import place_sessions
from punchout.ledger.sql import chunks, insert_all
from punchout.ledger.tables import logs
from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.tables.control import DOCUMENT_STATE, SENDING_EPOCH
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.upkeep.carrying import carry, place_carried
from punchout.ledger.upkeep.rebuild import place_orders
from punchout.model.moments import Micros

_DOCUMENTS_AT_ONCE = 100
_ROWS_AT_ONCE = 1_000
_RUN = "replay"


class NotEmptyError(ValueError):
    """A ledger can only be replayed into an empty database."""


class HalfMadeError(NotEmptyError):
    """A database holds a replay that was cut short, and must not be taken for a ledger."""


def require_empty(engine: sa.Engine) -> None:
    """Make sure that nothing is in a database yet: no tables, or those of a ledger to which nothing ever happened.

    Raises:
        HalfMadeError: a replay into it was cut short.
        NotEmptyError: there is something in it.
    """
    with reading(engine) as connection:
        require_whole(connection)
        if sa.inspect(connection).get_table_names() and not _is_blank(connection):
            raise NotEmptyError("a replay needs an empty database, and this one has tables in it")


def _is_blank(connection: sa.Connection) -> bool:
    if schema.current(connection) != schema.head():
        return False
    tables = (table for table in METADATA.sorted_tables if table is not SENDING_EPOCH)
    return all(connection.execute(sa.select(table).limit(1)).first() is None for table in tables)


def require_whole(connection: sa.Connection) -> None:
    """Make sure that a database is no half of a ledger: what is not in it yet keeps orders from leaving twice.

    Raises:
        HalfMadeError: a replay into it was cut short, or is still going on.
    """
    unended = sa.select(logs.RUN.c.id).where(logs.RUN.c.name == _RUN, logs.RUN.c.ended_at.is_(None))
    if sa.inspect(connection).has_table(logs.RUN.name) and connection.execute(unended).first() is not None:
        raise HalfMadeError(
            "the replay into this database has not come to its end: it is no ledger. "
            "If nothing is replaying into it, remove it and replay once more"
        )


@dataclass(frozen=True, slots=True)
class Copied:
    """How many documents went over to be read again, and how many with their facts, since their bytes were purged."""

    read: int
    carried: int


def copy_documents(source: sa.Connection, target: sa.Engine) -> Copied:
    """Put every document into an empty ledger, to be read there in the order in which they came, or were read again.

    Of a document that was read again only the last reading counts, and only that goes over.
    """
    read = carried = 0
    query = (
        sa.select(DOCUMENT)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.state != "superseded")
        .order_by(DOCUMENT.c.id)
    )
    for documents in _in_batches(source, query, _DOCUMENTS_AT_ONCE):
        names = _deliveries(source, [row["id"] for row in documents])
        with target.begin() as connection:
            kept = [copied(source, connection, row) for row in documents]
            numbers = {row["id"]: _copy_document(connection, row, names.get(row["id"], ())) for row in kept}
            purged = {row["id"]: numbers[row["id"]] for row in documents if row["purge_id"] is not None}
            carry(source, connection, purged)
        read += len(documents) - len(purged)
        carried += len(purged)
    with target.begin() as connection:
        place_carried(source, connection)
    return Copied(read, carried)


def copy_own_facts(source: sa.Connection, target: sa.Engine) -> None:
    """Put the facts of our own sending and what people decided into a ledger, as they stand."""
    for table in METADATA.sorted_tables:
        if not _is_our_own(table):
            continue
        # A surrogate is given anew.
        columns = [column for column in table.columns if column.autoincrement is not True]
        query = sa.select(*columns).order_by(*table.primary_key)
        for rows in _in_batches(source, query, _ROWS_AT_ONCE):
            with target.begin() as connection:
                insert_all(connection, table, rows)
    with target.begin() as connection:
        place_orders(connection)
        place_sessions(connection)


def set_aside_again(source: sa.Connection, target: sa.Engine) -> None:
    """Take those documents off the list that a person took off it, as far as they are refused again."""
    names = (DOCUMENT.c.company, DOCUMENT.c.supplier, DOCUMENT.c.content, DOCUMENT.c.received_sha256)
    query = (
        sa.select(*names)
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .where(DOCUMENT_STATE.c.state == "dismissed")
        .order_by(DOCUMENT.c.id)
    )
    for rows in _in_batches(source, query, _ROWS_AT_ONCE):
        with target.begin() as connection:
            set_aside(connection, [tuple(row.values()) for row in rows])


def begin_run(target: sa.Engine, as_of: Micros, wall: Micros) -> None:
    """Note in the log what moment a replayed ledger speaks of, before anything is in it."""
    with target.begin() as connection:
        insert_all(connection, logs.RUN, [{"name": _RUN, "as_of": as_of, "started_at": wall}])


def end_run(target: sa.Engine, wall: Micros) -> None:
    """Note in the log that everything is there."""
    with target.begin() as connection:
        connection.execute(sa.update(logs.RUN).where(logs.RUN.c.name == _RUN).values(ended_at=wall))


def _is_our_own(table: sa.Table) -> bool:
    """Tell whether no document states what a table holds: decisions, and facts that are keyed by no document."""
    of = CLASS_OF[table.name]
    states_a_document = table is DOCUMENT or "document_id" in table.columns
    return of is TableClass.DECISION or (of is TableClass.FACT and not states_a_document)


def _copy_document(connection: sa.Connection, row: Mapping[str, Any], names: Sequence[Mapping[str, Any]]) -> int:
    stated = {name: value for name, value in row.items() if name != "id"}
    document_id: int = connection.execute(sa.insert(DOCUMENT).values(stated).returning(DOCUMENT.c.id)).scalar_one()
    state = "part" if row["content"] == PART else "received"
    insert_all(connection, DOCUMENT_STATE, [{"document_id": document_id, "state": state}])
    insert_all(connection, logs.DELIVERY, [{**name, "document_id": document_id} for name in names])
    return document_id


def _deliveries(source: sa.Connection, documents: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    columns = [column for column in logs.DELIVERY.columns if column.name not in ("id", "document_id")]
    for chunk in chunks(documents):
        query = sightings(*columns).where(DOCUMENT.c.id.in_(chunk)).order_by(logs.DELIVERY.c.id)
        for row in source.execute(query).mappings():
            found.setdefault(row["of_document"], []).append({column.name: row[column.name] for column in columns})
    return found


def _in_batches(source: sa.Connection, query: sa.Select[Any], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield rows some at a time: memory does not grow with what there is."""
    with source.execute(query.execution_options(yield_per=size)) as result:
        for partition in result.mappings().partitions():
            yield [dict(row) for row in partition]
