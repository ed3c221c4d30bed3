"""`punchout outbox`: what is to be sent, what was, and what a person decides about it."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from punchout.cli.conformance import conformance
from punchout.cli.console import draw, emit, facts, heading, say, table
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, AsOf, By, DryRun, instant, person, settings, to_read, to_write
from punchout.cli.order_view import as_plain, attempts_of, in_words, stored_body, tell

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.sending.outbox import OutboxOrder

app = typer.Typer(help="Orders that are to be sent, and what became of them.", no_args_is_help=True)
app.command()(conformance)

Order = Annotated[str, typer.Argument(metavar="REQ", help="A request, a purchase order or a payloadID.")]
MaybeOrder = Annotated[str | None, typer.Argument(metavar="[REQ]", help="A request, a purchase order or a payloadID.")]
Channel = Annotated[
    Literal["orders"] | None, typer.Option("--channel", help="All orders: the ledger's switch for sending.")
]
Gate = Annotated[
    Literal["bc_requests", "bc_orders"] | None,
    typer.Option("--gate", help="The gate that an export has shut: accept the last full one as it is."),
]
Sure = Annotated[
    bool, typer.Option("--yes-really-order", help="Do not ask for the purchase order's number; for scripts.")
]


@app.command("ls")
def list_orders(
    *,
    state: Annotated[str | None, typer.Option("--state", help="Only orders in this state, such as in_doubt.")] = None,
    as_json: AsJson = False,
) -> None:
    """List orders with their state."""
    from punchout.ledger.sending.outbox import orders

    with to_read(settings()) as connection:
        found = [as_plain(order) for order in orders(connection, state=state)]
    if as_json:
        emit(found)
        return
    columns = ("request", "order", "state", ">total", "", "queued", ">attempts", "why")
    names = ("request_no", "order_id", "state", "total", "currency", "queued_at", "attempts", "reason")
    draw(table(columns, ([order[name] for name in names] for order in found)))


@app.command()
def show(
    *,
    order: Order,
    body: Annotated[
        bool, typer.Option("--body", help="Print the OrderRequest as it is stored, without secret.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one order: its state, its attempts, and with --body exactly what is sent."""
    from punchout.ledger.sending.outbox import one, orders

    with to_read(settings()) as connection:
        found = one(orders(connection, identifier=order), order)
        attempts = attempts_of(connection, found)
        stored = stored_body(connection, found) if body else None
    if stored is not None:
        sys.stdout.write(stored.decode("utf-8", "replace").rstrip("\n") + "\n")
    elif as_json:
        emit({**as_plain(found), "attempts_made": attempts})
    else:
        draw(heading(f"Order {found.order_id}: {found.state}"), facts(as_plain(found).items()))
        if attempts:
            columns = (">#", "marked", "result at", "outcome", ">HTTP", ">cXML", "detail")
            draw(table(columns, (list(attempt.values()) for attempt in attempts), title="Attempts"))


@app.command()
def send(*, order: Order, as_of: AsOf = None, sure: Sure = False, by: By = None, dry_run: DryRun = False) -> None:
    """Send a drafted order now. Exit 0 sent, 5 in doubt, 3 held back, 7 did not leave, 2 cannot be sent."""
    from punchout.cli.sending import send_now, sendable

    configured, moment, who = settings(), instant(as_of), person(by)
    with to_read(configured) as connection:
        found = sendable(connection, order)
    if dry_run:
        say(f"Would send order {in_words(found)} as {who}.")
        return
    _confirm(found, "send", sure=sure)
    with to_write(configured) as engine:
        sent = send_now(configured, engine, found.payload_id, who, moment)
    tell(sent.order_id, sent.state, sent.detail)
    raise typer.Exit(sent.code)


@app.command()
def hold(
    *,
    order: MaybeOrder = None,
    channel: Channel = None,
    by: By = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why.")] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
) -> None:
    """Keep an order that has not left from leaving; with --channel orders, all of them."""
    _switch("hold", order, channel, by, reason, as_of, dry_run=dry_run)


@app.command()
def release(
    *,
    order: MaybeOrder = None,
    channel: Channel = None,
    gate: Gate = None,
    by: By = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why.")] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
) -> None:
    """Let a held order go with the next sync; with --channel orders, switch sending on; with --gate, open a gate."""
    if (channel is not None or gate is not None) and by is None and not dry_run:
        raise CommandError("switching sending on, or opening a gate, needs a name: --by NAME")
    if gate is not None:
        _open(gate, order or channel, person(by), reason, instant(as_of), dry_run=dry_run)
        return
    _switch("release", order, channel, by, reason, as_of, dry_run=dry_run)


@app.command()
def resolve(  # noqa: PLR0913 - the options of a command
    *,
    order: Order,
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it: who looked where, and what was found.")],
    sent: Annotated[bool, typer.Option("--sent", help="The supplier has the order.")] = False,
    not_received: Annotated[
        bool, typer.Option("--not-received", help="The supplier does not have it: it is sent again.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="The supplier does not have it, and shall not.")] = False,
    by: By = None,
    as_of: AsOf = None,
    sure: Sure = False,
    dry_run: DryRun = False,
) -> None:
    """Settle an order in doubt, after looking for it at the supplier."""
    from punchout.cli import acting
    from punchout.ledger.errors import NotPossibleError
    from punchout.ledger.sending.outbox import one, orders, settle

    chosen = [name for name, is_set in (("sent", sent), ("pending", not_received), ("cancelled", cancel)) if is_set]
    if len(chosen) != 1:
        raise typer.BadParameter("say exactly one of --sent, --not-received and --cancel")
    if not evidence.strip():
        raise typer.BadParameter("say what shows it", param_hint="--evidence")
    configured, moment, who = settings(), instant(as_of), person(by)
    with to_read(configured) as connection:
        found = one(orders(connection, identifier=order), order)
    if found.state != "in_doubt":
        raise NotPossibleError(f"order {found.order_id} is {found.state}; only an order in doubt can be resolved")
    if dry_run:
        say(f"Would settle order {in_words(found)} as {chosen[0]}, by {who}: {evidence}")
        return
    # Only what can make the order leave a second time is asked again.
    if not_received:
        _confirm(found, "send again", sure=sure)
    with to_write(configured) as engine:
        acting.begin(
            configured, engine, "outbox resolve", moment,
            lambda connection, at: settle(connection, found, chosen[0], who, evidence, at),
        ).finish(order_id=found.order_id)  # fmt: skip
    tell(found.order_id, chosen[0], f"{who}: {evidence}")


def _switch(
    step: Literal["hold", "release"],
    order: str | None,
    channel: str | None,
    by: str | None,
    reason: str | None,
    as_of: str | None,
    *,
    dry_run: bool,
) -> None:
    if (order is None) == (channel is None):
        raise typer.BadParameter("name an order, or --channel orders")
    who, moment, configured = person(by), instant(as_of), settings()
    if dry_run:
        say(f"Would {step} {f'order {order}' if order else 'all orders (the switch of the channel)'}, by {who}.")
    elif order is None:
        from punchout.cli.channel import set_channel

        with to_write(configured) as engine:
            say(*set_channel(configured, engine, on=step == "release", by=who, reason=reason, as_of=moment))
    else:
        _move(step, order, who, moment, reason)


def _open(gate: str, other: str | None, who: str, reason: str | None, moment: int | None, *, dry_run: bool) -> None:
    from punchout.cli.channel import open_gate

    if other is not None:
        raise typer.BadParameter("name an order, --channel orders or --gate, only one of them")
    if dry_run:
        say(f"Would accept the last full export and open the gate {gate}, by {who}.")
        return
    configured = settings()
    with to_write(configured) as engine:
        say(open_gate(configured, engine, gate, by=who, reason=reason, as_of=moment))


def _move(step: Literal["hold", "release"], order: str, who: str, moment: int | None, reason: str | None) -> None:
    from punchout.cli import acting
    from punchout.ledger.sending.outbox import move, one, orders

    configured = settings()

    def moved(connection: "sa.Connection", at: int) -> None:
        move(connection, one(orders(connection, identifier=order), order), step, who, at, reason)

    with to_write(configured) as engine:
        acting.begin(configured, engine, f"outbox {step}", moment, moved).finish(order=order)
        with engine.begin() as connection:
            now = one(orders(connection, identifier=order), order)
    tell(now.order_id, now.state, now.reason)


def _confirm(found: "OutboxOrder", what: str, *, sure: bool) -> None:
    """Have the purchase order's number typed.

    Raises:
        CommandError: it was not typed, or nobody is there to type it.
    """
    if sure:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"nobody is there to confirm; --yes-really-order would {what} order {found.order_id}")
    say(f"This would {what} order {in_words(found)}.")
    typed: str = typer.prompt("Type the purchase order's number", default="", show_default=False, err=True)
    if typed.strip() != found.order_id:
        raise CommandError("that is another number; nothing was done")
