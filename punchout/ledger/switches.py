"""The ledger's own switches and gates: whether orders may leave, and whether the imports can be trusted.

Sending needs a second switch in the settings; what follows from all of them is `punchout.ordering.gates`.
"""

from collections.abc import Mapping

import sqlalchemy as sa

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


def set_gate(connection: sa.Connection, account: Account, name: str, failures: Mapping[str, str], at: Micros) -> None:
    """Open or shut a gate by the latest outcome of the batch checks; `failures` says by check what was wrong."""
    detail = "; ".join(f"{check}: {why}" for check, why in sorted(failures.items())) or None
    row = {"name": name, "is_open": not failures, "detail": detail, "at": at}
    upsert(connection, GATE, [{"company": account.company, "supplier": account.supplier, **row}])


def shut_gates(connection: sa.Connection, account: Account) -> dict[str, str]:
    """Return the gates that are shut, with the reason."""
    query = sa.select(GATE.c.name, GATE.c.detail).where(
        GATE.c.company == account.company, GATE.c.supplier == account.supplier, GATE.c.is_open.is_(False)
    )
    return {row.name: row.detail or "" for row in connection.execute(query)}
