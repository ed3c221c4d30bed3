"""The log of syncs, and the one clock: time never runs backwards from one sync to the next."""

import json
from collections.abc import Mapping

import sqlalchemy as sa

from punchout.ledger.sql import insert_all
from punchout.ledger.tables.logs import AUDIT, RUN
from punchout.model.moments import Micros, iso_utc


class ClockRanBackwardsError(ValueError):
    """A sync was asked for an earlier moment than the last one."""


def last_as_of(connection: sa.Connection) -> Micros | None:
    """Return the moment of the latest sync, None before the first."""
    return connection.execute(sa.select(sa.func.max(RUN.c.as_of))).scalar_one_or_none()


def moment_of(connection: sa.Connection, as_of: Micros | None, wall: Micros) -> Micros:
    """Return a step's moment: the one that is stated, else the wall clock, or the last sync's where that lies ahead.

    Raises:
        ClockRanBackwardsError: `as_of` lies before the last sync's.
    """
    last = last_as_of(connection)
    if as_of is not None and last is not None and as_of < last:
        message = f"as of {iso_utc(as_of)} lies before the last sync, which was as of {iso_utc(last)}"
        raise ClockRanBackwardsError(message)
    return max(wall, last or wall) if as_of is None else as_of


def open_run(connection: sa.Connection, name: str, as_of: Micros | None, wall: Micros) -> Micros:
    """Open the named sync, or find it open already; returns the moment that everything in it happens at.

    Args:
        connection: in the caller's transaction.
        name: one sync has one name in every process that works on it.
        as_of: its moment; None takes the wall clock, or the last sync's moment where that lies ahead.
        wall: the wall clock.

    Raises:
        ClockRanBackwardsError: `as_of` lies before the last sync's.
    """
    known: Micros | None = connection.execute(sa.select(RUN.c.as_of).where(RUN.c.name == name)).scalar_one_or_none()
    if known is not None:
        return known
    moment = moment_of(connection, as_of, wall)
    insert_all(connection, RUN, [{"name": name, "as_of": moment, "started_at": wall}])
    return moment


def close_run(connection: sa.Connection, name: str, counts: Mapping[str, object], wall: Micros) -> None:
    """Close a sync with its counts."""
    connection.execute(
        sa.update(RUN).where(RUN.c.name == name).values(ended_at=wall, counts=json.dumps(counts, sort_keys=True))
    )


def audit(
    connection: sa.Connection, at: Micros, who: str, command: str, subject: str, detail: str | None = None
) -> None:
    """Log what a person did."""
    insert_all(connection, AUDIT, [{"at": at, "who": who, "command": command, "subject": subject, "detail": detail}])
