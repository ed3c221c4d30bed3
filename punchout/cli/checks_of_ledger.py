"""What `punchout doctor` finds out about the ledger's database, and about whether orders may leave. Read-only."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from punchout.cli.check import Check
from punchout.cli.console import numbered
from punchout.cli.errors import CommandError, understood

if TYPE_CHECKING:
    import sqlalchemy as sa

    from resources.settings import Settings

_FULL = 2
_OPEN = "no order is made until a sound export arrives, or `punchout outbox release --gate {} --by NAME`"
_MOST_SECONDS_APART = 5


def of_ledger(settings: "Settings") -> Iterator[Check]:
    """Look at the database, then at what it says about sending."""
    yield _kill_switch(settings)
    yield _caps(settings)
    from punchout.cli.opening import existing
    from punchout.ledger.engine import reading

    try:
        engine = existing(settings)
        with reading(engine) as connection:
            yield from _database(connection)
            yield from _sending(settings, connection)
        engine.dispose()
    except CommandError as absent:
        yield Check.warn("ledger", str(absent), "nothing to do before the first sync")
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        yield Check.fail("ledger", answer[1], "see database.url and database.password; is the server there?")


def _database(connection: "sa.Connection") -> Iterator[Check]:
    dialect = connection.dialect
    known = ".".join(map(str, dialect.server_version_info or ()))
    yield Check.okay("ledger", f"{dialect.name} {known}")
    yield _schema(connection)
    if dialect.name == "sqlite":
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        found = f"journal {mode}, synchronous {synchronous}"
        if mode == "wal" and synchronous == _FULL:
            yield Check.okay("durability", found)
        else:
            yield Check.fail("durability", found, "put the ledger on a local disk: WAL does not work on a share")
    else:
        yield _clock(connection)


def _schema(connection: "sa.Connection") -> Check:
    from punchout.ledger.schema import current, head

    found, wanted = current(connection), head()
    if found == wanted:
        return Check.okay("schema", str(found))
    return Check.fail(
        "schema", f"{found}, this version works with {wanted}", "`punchout sync` brings an older one there"
    )


def _clock(connection: "sa.Connection") -> Check:
    there = float(connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one())
    apart = abs(there - time.time())
    if apart > _MOST_SECONDS_APART:
        return Check.warn("clock", f"{apart:.0f} s away from the database's", "set both by the same time server")
    return Check.okay("clock", f"{apart:.1f} s away from the database's")


def _sending(settings: "Settings", connection: "sa.Connection") -> Iterator[Check]:
    from punchout.ledger.schema import current, head
    from punchout.ledger.sending import outbox, switches
    from resources.policies import account

    if current(connection) != head():
        return
    yield _last_sync(connection)
    yield _latest(settings, connection)
    if settings.supplier.dedupes_payload_id:
        yield _repeats(settings, connection)
    in_ledger, in_settings = switches.is_on(connection, switches.ORDERS), settings.orders.send_enabled
    found = f"{'on' if in_settings else 'off'} in the settings, {'on' if in_ledger else 'off'} in the ledger"
    if in_settings and settings.orders.cutover_at is None:
        yield Check.fail("sending", f"{found}, and no cut-over is set", "set orders.cutover_at")
    else:
        yield Check.okay("sending", found)
    gates = switches.shut_gates(connection, account(settings))
    for name, why in gates.items():
        yield Check.warn(f"gate {name}", f"shut: {why}", _OPEN.format(name))
    doubtful = outbox.counts(connection).get("in_doubt", 0)
    if doubtful:
        fix = "`punchout outbox ls --state in_doubt`; look for each at the supplier, then `punchout outbox resolve`"
        yield Check.warn("in doubt", numbered(doubtful, "order"), fix)
    else:
        yield Check.okay("in doubt", "no order")


def _last_sync(connection: "sa.Connection") -> Check:
    """Everything is dated by the last sync where that lies ahead of this machine's clock."""
    from punchout.ledger.runs import last_as_of
    from punchout.model.moments import iso_utc
    from resources.exchange import wall_clock

    moment = last_as_of(connection)
    if moment is None:
        return Check.okay("last sync", "none yet")
    if moment > wall_clock():
        fix = "set this machine's clock; if the sync's date was wrong, what is done until then is dated like it"
        return Check.warn("last sync", f"as of {iso_utc(moment)}, which has not come yet", fix)
    return Check.okay("last sync", f"as of {iso_utc(moment)}")


def _latest(settings: "Settings", connection: "sa.Connection") -> Check:
    from punchout.ledger.sending import epochs
    from resources.policies import epoch_note

    note = epoch_note(settings)
    older = epochs.older_than_noted(connection, note)
    if older is not None:
        fix = (
            "look at the supplier for every order that waits, then `punchout outbox release --channel orders --by NAME`"
        )
        return Check.fail("last order sent", f"{older}: nothing is sent", fix)
    known = epochs.current(connection).number
    if known and not note.path.exists():
        fix = "if this ledger was restored from a backup, `punchout outbox hold --channel orders` before the next sync"
        return Check.warn("last order sent", f"{note.path.name} is not there, and orders were sent before", fix)
    return Check.okay("last order sent", f"{numbered(known, 'attempt')}, as noted beside the ledger")


def _repeats(settings: "Settings", connection: "sa.Connection") -> Check:
    from punchout.ledger.sending.conformance import checks
    from resources.policies import account

    found = checks(connection, account(settings))
    if not found:
        fix = "`punchout outbox conformance`, or take the setting away: nothing is sent meanwhile"
        return Check.fail("repeats", "supplier.dedupes_payload_id is set, and no conformance check is recorded", fix)
    last = found[-1]
    told = f"{numbered(last.orders_seen, 'order')} seen by {last.by}: {last.evidence}"
    if last.orders_seen != 1:
        return Check.fail("repeats", told, "take supplier.dedupes_payload_id away: nothing is sent meanwhile")
    return Check.okay("repeats", told)


def _kill_switch(settings: "Settings") -> Check:
    path = settings.orders.kill_switch
    if path.exists():
        return Check.warn("kill switch", f"{path} is there: nothing is sent", f"remove {path} when sending may go on")
    return Check.okay("kill switch", "not set")


def _caps(settings: "Settings") -> Check:
    orders = settings.orders
    return Check.okay(
        "caps",
        f"{orders.max_order_amount} an order, {orders.max_orders_per_day} orders "
        f"and {orders.max_amount_per_day} {settings.company.local_currency} a day",
    )
