"""What somebody should be woken for, or told of: read from the ledger as it stands, without reading its history.

Each alarm names how many, how much and what to do next, in words of our own: identifiers of orders stand in it, text of
documents and people never do. Who is told, how, and how often is not decided here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import sqlalchemy as sa

from punchout.ledger.sending.switches import shut_gates
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.facts import DOCUMENT, ORDER_QUEUED, SEND_MARKED
from punchout.ledger.tables.logs import RUN
from punchout.ledger.tables.projections import EXCEPTION, REQUEST_STAGE
from punchout.model.codes import Code, Severity
from punchout.model.exact import format_decimal
from punchout.model.keys import Account
from punchout.model.moments import HOUR, Micros, iso_utc

Urgency: TypeAlias = Literal["page", "high", "medium"]
_MOST_NAMED = 5
_TOLD_OTHERWISE = [Code.SEND_AMBIGUOUS.value, Code.OUT_BLOCKED.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that is wrong.

    Attributes:
        kind: what it is; `docs/runbook.md` has a section of this name.
        subject: which of its kind; empty where there is only one.
        urgency: `page` wakes somebody, `high` is for the next minutes, `medium` for the day.
        weight: how many it is about; more of them is news.
        headline: how many and what, in one line.
        details: how much, and which.
        command: what to type first.
    """

    kind: str
    subject: str = ""
    urgency: Urgency
    weight: int = 1
    headline: str
    details: tuple[str, ...] = ()
    command: str

    @property
    def key(self) -> str:
        """What tells it from every other alarm."""
        return f"{self.kind}:{self.subject}" if self.subject else self.kind


@dataclass(frozen=True, slots=True)
class AlarmPolicy:
    """What counts as wrong.

    Attributes:
        in_doubt_after: how long an order may be in doubt, microseconds.
        sync_overdue_after: how long no sync may have begun, microseconds; None where that does not matter.
    """

    in_doubt_after: Micros
    sync_overdue_after: Micros | None = None


def alarms(connection: sa.Connection, account: Account, policy: AlarmPolicy, now: Micros) -> list[Alarm]:
    """Return everything that is wrong at `now`, the most urgent first."""
    found = [one for look in _LOOKS for one in look(connection, account, policy, now)]
    order: Sequence[Urgency] = ("page", "high", "medium")
    return sorted(found, key=lambda one: (order.index(one.urgency), one.key))


def _in_doubt(connection: sa.Connection, account: Account, policy: AlarmPolicy, now: Micros) -> Iterator[Alarm]:
    marked = sa.select(sa.func.max(SEND_MARKED.c.at)).where(SEND_MARKED.c.payload_id == OUTBOX.c.payload_id)
    query = (
        sa.select(OUTBOX.c.order_id, ORDER_QUEUED.c.total, ORDER_QUEUED.c.currency)
        .join(ORDER_QUEUED, ORDER_QUEUED.c.payload_id == OUTBOX.c.payload_id)
        .where(
            OUTBOX.c.state == "in_doubt",
            _of(OUTBOX, account),
            marked.scalar_subquery() <= now - policy.in_doubt_after,
        )
        .order_by(OUTBOX.c.order_id)
    )
    rows = connection.execute(query).all()
    if rows:
        yield Alarm(
            kind="orders-in-doubt",
            urgency="page",
            weight=len(rows),
            headline=f"{_counted(len(rows), 'order')} may or may not be with the supplier",
            details=(_named([row.order_id for row in rows]), *_sums([(row.total, row.currency) for row in rows])),
            command="punchout outbox ls",
        )


def _blocked(connection: sa.Connection, account: Account, _policy: AlarmPolicy, _now: Micros) -> Iterator[Alarm]:
    query = (
        sa.select(OUTBOX.c.order_id)
        .where(OUTBOX.c.state == "blocked", _of(OUTBOX, account))
        .order_by(OUTBOX.c.order_id)
    )
    orders = connection.execute(query).scalars().all()
    yield from _about_orders(
        orders,
        kind="orders-blocked",
        what="cannot be sent as the connection to the supplier is set up",
        command="punchout doctor",
    )


def _gates(connection: sa.Connection, account: Account, _policy: AlarmPolicy, _now: Micros) -> Iterator[Alarm]:
    for gate in shut_gates(connection, account):
        yield Alarm(
            kind="gate-shut",
            subject=gate,
            urgency="high",
            headline=f"no order leaves: the gate {gate} is shut by a check on Business Central's exports",
            command=f"punchout outbox release --gate {gate} --by NAME",
        )


def _held_back(connection: sa.Connection, account: Account, _policy: AlarmPolicy, _now: Micros) -> Iterator[Alarm]:
    """Tell of orders that a cap, a switch or a gate keeps here; one that a person holds is as that person wants it."""
    found, stage = EXCEPTION.c, REQUEST_STAGE.c
    of_request = ("company", "supplier", "request_no")
    query = (
        sa.select(stage.order_id)
        .join(EXCEPTION, sa.and_(*(found[name] == stage[name] for name in of_request)))
        .where(_of(EXCEPTION, account), found.code == Code.OUT_BLOCKED.value, stage.outbox_state == "pending")
        .order_by(stage.order_id)
    )
    orders = connection.execute(query).scalars().all()
    yield from _about_orders(
        orders,
        kind="orders-held-back",
        what="wait for a cap, a switch or a gate",
        command="punchout outbox ls",
    )


def _critical(connection: sa.Connection, account: Account, _policy: AlarmPolicy, _now: Micros) -> Iterator[Alarm]:
    """Tell of exceptions that nothing else here tells of: those of documents are told of as refused documents."""
    columns = EXCEPTION.c
    query = (
        sa.select(columns.code, columns.currency, sa.func.count(), sa.func.sum(columns.amount_at_risk))
        .where(_of(EXCEPTION, account), columns.request_no.is_not(None))
        .where(columns.severity == Severity.CRITICAL.value, columns.code.not_in(_TOLD_OTHERWISE))
        .group_by(columns.code, columns.currency)
        .order_by(columns.code, columns.currency)
    )
    counts: dict[str, int] = {}
    amounts: dict[str, list[tuple[int | None, str | None]]] = {}
    for code, currency, count, amount in connection.execute(query):
        counts[code] = counts.get(code, 0) + count
        amounts.setdefault(code, []).append((amount, currency))
    for code, count in counts.items():
        yield Alarm(
            kind="critical-exceptions",
            subject=code,
            urgency="page",
            weight=count,
            headline=f"{_counted(count, 'exception')} {code}",
            details=_sums(amounts[code]),
            command="punchout report",
        )


def _quarantined(connection: sa.Connection, account: Account, _policy: AlarmPolicy, _now: Micros) -> Iterator[Alarm]:
    state = DOCUMENT_STATE.c
    query = (
        sa.select(state.reason, sa.func.count())
        .join(DOCUMENT, DOCUMENT.c.id == state.document_id)
        .where(state.state == "quarantined", _of(DOCUMENT, account))
        .group_by(state.reason)
        .order_by(state.reason)
    )
    for reason, count in connection.execute(query):
        yield Alarm(
            kind="documents-quarantined",
            subject=reason,
            urgency="high",
            weight=count,
            headline=f"{_counted(count, 'document')} refused: {reason}",
            command="punchout quarantine ls",
        )


def _overdue(connection: sa.Connection, _account: Account, policy: AlarmPolicy, now: Micros) -> Iterator[Alarm]:
    if policy.sync_overdue_after is None:
        return
    last = connection.execute(sa.select(RUN.c.started_at).order_by(RUN.c.id.desc()).limit(1)).scalar_one_or_none()
    if last is None or last <= now - policy.sync_overdue_after:
        since = "ever" if last is None else f"since {iso_utc(last)}"
        hours = policy.sync_overdue_after // HOUR
        yield Alarm(
            kind="sync-overdue",
            urgency="page",
            headline=f"no sync has begun {since}, and one is expected every {_counted(hours, 'hour')}",
            command="punchout sync",
        )


_Look: TypeAlias = Callable[[sa.Connection, Account, AlarmPolicy, Micros], Iterator[Alarm]]
_LOOKS: Sequence[_Look] = (_in_doubt, _blocked, _held_back, _gates, _critical, _quarantined, _overdue)


def _about_orders(orders: Sequence[str], *, kind: str, what: str, command: str) -> Iterator[Alarm]:
    if orders:
        headline, details = f"{_counted(len(orders), 'order')} {what}", (_named(orders),)
        yield Alarm(kind=kind, urgency="page", weight=len(orders), headline=headline, details=details, command=command)


def _of(table: sa.Table, account: Account) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.company == account.company, table.c.supplier == account.supplier)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"


def _sums(amounts: Sequence[tuple[int | None, str | None]]) -> tuple[str, ...]:
    """Add up amounts by currency, those that are known."""
    sums: dict[str, int] = {}
    for amount, currency in amounts:
        if amount:
            # PostgreSQL adds whole numbers up to one of another type.
            sums[currency or ""] = sums.get(currency or "", 0) + int(amount)
    return tuple(f"{format_decimal(total)} {currency}".strip() for currency, total in sorted(sums.items()))
