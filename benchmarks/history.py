"""A ledger with a long history, made within minutes: one block of purchases is told to the product, then copied.

Copying exchanges the block's mark in every text and shifts every surrogate, so that each block has the rows that the
product would have written for its documents; `deviations` holds a copy to that. Only stored bodies stay those of the
first block, and hashes give way to others as random: nothing that is measured reads the one or recomputes the other.
"""

import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.purchases import LINES_A_BLOCK, PURCHASES_A_BLOCK, mark, purchases, story
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.reconciling.reconcile import OF_REQUEST
from punchout.ledger.schema import METADATA, upgrade
from punchout.ledger.sql import key_in
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from tests.support.plays import Play

_FIRST: Final = 0
_NO_CAPS: Final = {"max_orders_per_day": 10**6, "max_amount_per_day": 10**9}
# Of the whole ledger, not of a block of purchases.
_SHARED: Final = frozenset({"audit", "gate", "lease", "policy_applied", "run", "sending_epoch", "switch"})
_SURROGATES: Final = frozenset({"id", "document_id", "duplicate_of", "seq"})
_BY_THE_WALL_CLOCK: Final = frozenset({"started_at", "ended_at", "lease_until"})
_HASH: Final = re.compile(r"\b[0-9a-f]{32}(?:[0-9a-f]{32})?\b")
_BLOCKS_A_COMMIT: Final = 20


def begun(folder: Path, name: str, url: str | None = None, sent_by: str = "pipeline") -> Play:
    """Return an exchange over a new ledger, with sending switched on and no caps.

    Args:
        folder: where its home folder is made.
        name: of the home folder.
        url: of an empty database; None makes a SQLite file in the home folder.
        sent_by: who sends the orders.
    """
    home = folder / name
    home.mkdir(parents=True)
    engine = open_engine(url or f"sqlite:///{home / 'ledger.sqlite3'}")
    upgrade(engine)
    play = Play(engine, home, orders={**_NO_CAPS, "sent_by": sent_by})
    play.switch_on()
    return play


def resumed(url: str, home: Path, now: Micros) -> Play:
    """Return the exchange that was begun in a home folder, in another process."""
    play = Play(open_engine(url), home, orders=_NO_CAPS)
    play.now = now
    return play


def tell(play: Play, block: int, count: int = PURCHASES_A_BLOCK) -> None:
    """Let the product live through a block, or the first purchases of it, sync by sync."""
    for place, arriving in enumerate(story(block, count)):
        play.later(20 if place else 0)
        play.sync(*arriving)


def told(folder: Path, block: int, count: int = PURCHASES_A_BLOCK) -> Play:
    """Return an exchange that lived through one block, or the first purchases of it."""
    play = begun(folder, mark(block))
    tell(play, block, count)
    return play


def grown(folder: Path, begin: Play, lines: int) -> Play:
    """Return an exchange with a history of so many lines, which began with the whole block another lived through."""
    play = begun(folder, f"{lines}-lines")
    play.now = begin.now
    for engine in (begin.engine, play.engine):
        engine.dispose()  # Closing the last connection folds the write-ahead log into the file.
    shutil.copyfile(begin.engine.url.database or "", play.engine.url.database or "")
    _copy(play.engine, lines // LINES_A_BLOCK)
    return play


def deviations(folder: Path, first: Play) -> list[str]:
    """Return the tables in which a copied block is not what the product writes for that block's documents."""
    copied, second = grown(folder, first, 2 * LINES_A_BLOCK).engine, told(folder, _FIRST + 1).engine
    tables = [table for table in METADATA.sorted_tables if table.name not in _SHARED]
    return [t.name for t in tables if _rows(copied, t) != sorted(_rows(first.engine, t) + _rows(second, t))]


def projected(engine: sa.Engine, keys: Sequence[RequestKey]) -> str:
    """Return a hash over what is concluded about some requests."""
    wanted = [(key.company, key.supplier, key.request_no) for key in keys]
    digest = hashlib.sha256()
    with reading(engine) as connection:
        for table in OF_REQUEST:
            those = key_in((table.c.company, table.c.supplier, table.c.request_no), wanted)
            rows = connection.execute(sa.select(table).where(those))
            digest.update("\n".join(sorted(repr(tuple(row)) for row in rows)).encode())
    return digest.hexdigest()


def _rows(engine: sa.Engine, table: sa.Table) -> list[str]:
    left_out = _SURROGATES | _BY_THE_WALL_CLOCK
    columns = [c for c in table.columns if c.name not in left_out and not isinstance(c.type, sa.LargeBinary)]
    with reading(engine) as connection:
        return sorted(_HASH.sub("", repr(tuple(row))) for row in connection.execute(sa.select(*columns)))


@dataclass(frozen=True, slots=True)
class _Copied:
    """How the rows of one table become those of another block."""

    table: sa.Table
    insert: str

    @classmethod
    def of(cls, connection: sa.Connection, table: sa.Table) -> "_Copied":
        """Look at the first block's rows: which columns hold the mark, our own payloadIDs, or hashes."""
        everything = sa.select(table).compile(connection)
        connection.exec_driver_sql(f"CREATE TEMP TABLE first_{table.name} AS {everything}")
        own = {one.payload_id for one in purchases(_FIRST)}
        values = [_value(connection, table, column, own) for column in table.columns]
        names = ", ".join(_quoted(column.name) for column in table.columns)
        return cls(
            table,
            f"INSERT INTO {_quoted(table.name)} ({names}) SELECT {', '.join(values)} FROM first_{table.name}",  # noqa: S608
        )


def _value(connection: sa.Connection, table: sa.Table, column: sa.Column[Any], own: set[str]) -> str:
    """Return the SQL that gives a column's value in block `:block`, whose mark is `:mark`."""
    name = _quoted(column.name)
    if column.name in _SURROGATES:
        of = "document" if column.name in ("document_id", "duplicate_of") else table.name
        return f"{name} + :block * (SELECT max({'seq' if column.name == 'seq' else 'id'}) FROM first_{of})"  # noqa: S608
    if not isinstance(column.type, sa.Text):
        return name
    query = sa.select(column).distinct().where(column.is_not(None))
    found = list(connection.execute(query).scalars())
    if any(_last_word(text) in own or _HASH.search(text) for text in found):
        return f"of_block({name}, :block)"
    return f"replace({name}, '{mark(_FIRST)}', :mark)" if any(mark(_FIRST) in text for text in found) else name


def _copy(engine: sa.Engine, blocks: int) -> None:
    """Write every block but the first."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            message = "the ledger is not open"
            raise RuntimeError(message)
        driver.create_function("of_block", 2, _Texts().of_block, deterministic=True)
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("PRAGMA foreign_keys=OFF")
        tables = [table for table in METADATA.sorted_tables if table.name not in _SHARED]
        copied = [_Copied.of(connection, table) for table in tables]
        connection.commit()
        for start in range(1, blocks, _BLOCKS_A_COMMIT):
            with connection.begin():
                for block in range(start, min(start + _BLOCKS_A_COMMIT, blocks)):
                    for one in copied:
                        connection.exec_driver_sql(one.insert, {"block": block, "mark": mark(block)})
    engine.dispose()


class _Texts:
    """Gives texts of the first block as they are in another: our orders' payloadIDs, hashes, and the mark."""

    def __init__(self) -> None:
        self._block = _FIRST
        self._number = {one.payload_id: number for number, one in enumerate(purchases(_FIRST))}
        self._own: list[str] = []

    def of_block(self, text: str | None, block: int) -> str | None:
        """Return a text as it is in a block."""
        if text is None:
            return None
        kind, blank, value = text.rpartition(" ")
        if blank and value in self._number:
            # What a document was found by: the kind of an identifier, and the identifier.
            return f"{kind} {self.of_block(value, block)}"
        if block != self._block:
            self._block, self._own = block, [one.payload_id for one in purchases(block)]
        if (number := self._number.get(text)) is not None:
            return self._own[number]
        return _HASH.sub(lambda found: _other_hash(found[0], block), text.replace(mark(_FIRST), mark(block)))


def _other_hash(text: str, block: int) -> str:
    return hashlib.sha256(f"{text} {block}".encode()).hexdigest()[: len(text)]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _last_word(text: str) -> str:
    return text.rpartition(" ")[2]
