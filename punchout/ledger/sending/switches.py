"""The ledger's own switches and gates: whether orders may leave, and whether the imports can be trusted.

Sending needs a second switch in the settings; what follows from all of them is `punchout.ordering.gates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from punchout.ledger.business_central.export_history import last_full_row_count
from punchout.ledger.sql import upsert
from punchout.ledger.tables.control import GATE, SWITCH
from punchout.model.keys import Account
from punchout.model.moments import Micros

ORDERS = "orders"
"""The switch of the order channel."""


def is_on(connection: sa.Connection, name: str) -> bool:
    """Tell whether a switch is on; one that was never set is off."""
    return bool(connection.execute(sa.select(SWITCH.c.is_on).where(SWITCH.c.name == name)).scalar_one_or_none())


def set_switch(connection: sa.Connection, name: str, *, on: bool, by: str, reason: str | None, at: Micros) -> None:
    """Set a switch, with who did it and why."""
    upsert(connection, SWITCH, [{"name": name, "is_on": on, "by": by, "reason": reason, "at": at}])


@dataclass(frozen=True, slots=True)
class Snapshots:
    """What a gate remembers of full exports.

    Attributes:
        sound_rows: how many rows the last one had that did not collapse, or that a person accepted; None before.
        has_collapsed: a later one was much smaller, and nothing has put that right.
    """

    sound_rows: int | None = None
    has_collapsed: bool = False


_UNKNOWN = Snapshots()


def set_gate(
    connection: sa.Connection,
    account: Account,
    name: str,
    failures: Mapping[str, str],
    at: Micros,
    snapshots: Snapshots = _UNKNOWN,
) -> None:
    """Open or shut a gate by the latest outcome of the batch checks; `failures` says by check what was wrong."""
    detail = "; ".join(f"{check}: {why}" for check, why in sorted(failures.items())) or None
    row = {
        "name": name,
        "is_open": not failures,
        "detail": detail,
        "at": at,
        "sound_rows": snapshots.sound_rows,
        "has_collapsed": snapshots.has_collapsed,
    }
    upsert(connection, GATE, [{"company": account.company, "supplier": account.supplier, **row}])


def snapshots(connection: sa.Connection, account: Account, name: str) -> Snapshots:
    """Return what a gate remembers of full exports."""
    row = connection.execute(_gate(account, name)).one_or_none()
    return _UNKNOWN if row is None else Snapshots(row.sound_rows, row.has_collapsed)


def accept_snapshot(connection: sa.Connection, account: Account, name: str, at: Micros) -> bool:
    """Open a gate by a person's word: the last full export is as small as it says. False where the gate is open.

    The next full export is compared with that one.
    """
    row = connection.execute(_gate(account, name)).one_or_none()
    if row is None or row.is_open:
        return False
    set_gate(connection, account, name, {}, at, Snapshots(last_full_row_count(connection, account, name)))
    return True


def _gate(account: Account, name: str) -> sa.Select[Any]:
    return sa.select(GATE).where(
        GATE.c.company == account.company, GATE.c.supplier == account.supplier, GATE.c.name == name
    )


def shut_gates(connection: sa.Connection, account: Account) -> dict[str, str]:
    """Return the gates that are shut, with the reason."""
    query = sa.select(GATE.c.name, GATE.c.detail).where(
        GATE.c.company == account.company, GATE.c.supplier == account.supplier, GATE.c.is_open.is_(False)
    )
    return {row.name: row.detail or "" for row in connection.execute(query)}
