"""How many orders this ledger has marked, and whether something beside it remembers more.

A restored copy of yesterday does not know what was sent today: what waits in it may have left already. So the count is
also noted outside the database before the first byte of every order, and a ledger that knows less than the note, or is
another one, sends nothing until a named person says so. Each machine that sends keeps a note of its own, and one that
never sent has none: a ledger restored on a new machine is for a person to hold. Where it is kept is
`resources.epoch_note`.
"""

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from punchout.ledger.tables.control import SENDING_EPOCH


@dataclass(frozen=True, slots=True)
class Epoch:
    """Which ledger, and how many attempts to send were marked in it."""

    ledger_id: str
    number: int


class EpochNote(Protocol):
    """A note of the last epoch, kept where restoring the database does not reach it."""

    def read(self) -> Epoch | None:
        """Return what is noted; None before the first order.

        Raises:
            OSError: there is a note that cannot be read or understood.
        """
        ...

    def write(self, epoch: Epoch) -> None:
        """Note an epoch durably; an older one of the same ledger changes nothing.

        Raises:
            OSError: it cannot be written.
        """
        ...


_ADVANCE = sa.update(SENDING_EPOCH).values(epoch=SENDING_EPOCH.c.epoch + 1).returning(SENDING_EPOCH)


def current(connection: sa.Connection) -> Epoch:
    """Return the ledger's own epoch."""
    row = connection.execute(sa.select(SENDING_EPOCH)).one()
    return Epoch(row.ledger_id, row.epoch)


def advance(connection: sa.Connection) -> Epoch:
    """Count one more attempt, in the transaction that marks it."""
    row = connection.execute(_ADVANCE).one()
    return Epoch(row.ledger_id, row.epoch)


def accept(connection: sa.Connection, note: EpochNote) -> Epoch:
    """Go on from what is noted: a person said that this ledger may send. The caller notes the epoch once committed."""
    known, last = current(connection), noted(note)
    number = max(known.number, last.number if isinstance(last, Epoch) else 0)
    connection.execute(sa.update(SENDING_EPOCH).values(epoch=number))
    return Epoch(known.ledger_id, number)


def older_than_noted(connection: sa.Connection, note: EpochNote) -> str | None:
    """Say why this ledger may not know what was sent; None where it knows all that is noted."""
    # The note first: whoever sends meanwhile writes it after the ledger, which must not look older for that.
    last = noted(note)
    return older_than(current(connection), last)


def noted(note: EpochNote) -> Epoch | str | None:
    """Return what is noted; as a text, why it cannot be read; None before the first order.

    Whoever compares it with the ledger reads it before the ledger.
    """
    try:
        return note.read()
    except OSError as error:
        return str(error)


def older_than(known: Epoch, last: Epoch | str | None) -> str | None:
    """Say why a ledger that knows so much may not know what was sent; None where it knows all that is noted. Pure."""
    if last is None:
        return None
    if isinstance(last, str):
        return f"what was last sent cannot be read ({last})"
    if last.ledger_id != known.ledger_id:
        return "orders were last sent from another ledger than this one"
    if last.number > known.number:
        missing = last.number - known.number
        return f"this ledger is older than the last order sent; attempts it does not know of: {missing}"
    return None
