"""`punchout outbox`: what is to be sent, what was, and what a person decides about it."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from punchout.cli.conformance import conformance
from punchout.cli.console import draw, emit, facts, heading, say, table
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, AsOf, By, DryRun, Yes, instant, person, settings, to_read, to_write
from punchout.cli.order_view import as_plain, attempts_of, in_words, stored_body, tell

if TYPE_CHECKING:
    from punchout.cli.order_steps import Word

app = typer.Typer(help="Orders that are to be sent, and what became of them.", no_args_is_help=True)
app.command()(conformance)

Outcome = Literal["sent", "pending", "cancelled"]
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
    from punchout.cli.order_steps import confirm
    from punchout.cli.sending import foresee, send_now, sendable

    configured, moment, who = settings(), instant(as_of), person(by)
    if dry_run:
        found, refusal = foresee(configured, order, who, moment)
        held = "" if refusal is None else f" It would be held back: {refusal.detail}."
        say(f"Would send order {in_words(found)} as {who}.{held}")
        return
    with to_read(configured) as connection:
        found = sendable(connection, order)
    confirm(found, "send", sure=sure)
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
    _switch("hold", order, channel, _word(by, as_of, reason, yes=True, dry_run=dry_run))


@app.command()
def release(
    *,
    order: MaybeOrder = None,
    channel: Channel = None,
    gate: Gate = None,
    by: By = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why.")] = None,
    as_of: AsOf = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Let a held order go with the next sync; with --channel orders, switch sending on; with --gate, open a gate."""
    if (channel is not None or gate is not None) and by is None and not dry_run:
        raise CommandError("switching sending on, or opening a gate, needs a name: --by NAME")
    word = _word(by, as_of, reason, yes=yes, dry_run=dry_run)
    if gate is None:
        _switch("release", order, channel, word)
    elif order is not None or channel is not None:
        raise typer.BadParameter("name an order, --channel orders or --gate, only one of them")
    else:
        from punchout.cli.order_steps import accept_export

        accept_export(gate, word)


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
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Settle an order in doubt, after looking for it at the supplier."""
    from punchout.cli.order_steps import settle_order

    outcomes: tuple[tuple[Outcome, bool], ...] = (("sent", sent), ("pending", not_received), ("cancelled", cancel))
    chosen = [name for name, is_set in outcomes if is_set]
    if len(chosen) != 1:
        raise typer.BadParameter("say exactly one of --sent, --not-received and --cancel")
    if not evidence.strip():
        raise typer.BadParameter("say what shows it", param_hint="--evidence")
    settle_order(order, chosen[0], _word(by, as_of, evidence, yes=yes, dry_run=dry_run), sure=sure)


def _switch(step: Literal["hold", "release"], order: str | None, channel: str | None, word: "Word") -> None:
    from punchout.cli.order_steps import move_order, switch_channel

    if (order is None) == (channel is None):
        raise typer.BadParameter("name an order, or --channel orders")
    if order is None:
        switch_channel(step, word)
    else:
        move_order(step, order, word)


def _word(by: str | None, as_of: str | None, reason: str | None, *, yes: bool, dry_run: bool) -> "Word":
    from punchout.cli.order_steps import Word

    return Word(by=person(by), at=instant(as_of), reason=reason, yes=yes, dry_run=dry_run)
