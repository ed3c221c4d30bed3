"""`punchout outbox conformance`: shows once, with a person looking, that a supplier takes repeats for one order."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from punchout.cli.console import say
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsOf, By, DryRun, instant, settings, to_read, to_write
from punchout.cli.order_view import in_words, stored_body

if TYPE_CHECKING:
    from resources.conformance import SentTwice
    from resources.secrets import SecretReference

Order = Annotated[str, typer.Argument(metavar="REQ", help="Whose order is copied: a request, order or payloadID.")]
Site = Annotated[str, typer.Option("--site", metavar="URL", help="Where orders go in the supplier's test site.")]
Secret = Annotated[
    str | None, typer.Option("--secret", metavar="REF", help="env:NAME or file:PATH; else supplier.shared_secret.")
]
Seen = Annotated[
    int | None, typer.Option("--orders-seen", min=0, help="How many orders came of it; without, it is asked.")
]
Evidence = Annotated[str | None, typer.Option("--evidence", help="Who looked where, and what was found.")]


def conformance(
    *,
    order: Order,
    site: Site,
    secret: Secret = None,
    orders_seen: Seen = None,
    evidence: Evidence = None,
    by: By = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
) -> None:
    """Send a copy of an order twice to the supplier's TEST site, and record how many orders came of it.

    Only a record that says one lets supplier.dedupes_payload_id be set. Exit 8 where the record says another number.
    """
    from punchout.ledger.runs import moment_of
    from punchout.ledger.sending.conformance import ConformanceCheck, record
    from punchout.ledger.sending.outbox import one, orders
    from resources.conformance import send_twice
    from resources.exchange import wall_clock
    from resources.policies import account

    configured, moment, who = settings(), instant(as_of), _named(by)
    with to_read(configured) as connection:
        found = one(orders(connection, identifier=order), order)
        body = stored_body(connection, found)
    if dry_run:
        say(f"Would send a copy of order {in_words(found)} to {site} twice, as a test.")
        return
    if not sys.stdin.isatty() and (orders_seen is None or not (evidence or "").strip()):
        raise CommandError("nobody is there to say how many orders came of it: --orders-seen N --evidence TEXT")
    sent = send_twice(configured, body, site, _reference(secret))
    _tell(sent)
    seen, shown = _looked(found.order_id, orders_seen, evidence)
    with to_write(configured) as engine, engine.begin() as connection:
        check = ConformanceCheck(
            payload_id=sent.payload_id,
            site=site,
            answers=tuple(verdict.detail for verdict in sent.verdicts),
            orders_seen=seen,
            by=who,
            evidence=shown,
            at=moment_of(connection, moment, wall_clock()),
        )
        record(connection, account(configured), check)
    if seen != 1:
        say(f"Recorded: {seen} orders were seen. This supplier must not be asked twice.")
        raise typer.Exit(Exit.NOT_OK)
    say("Recorded: one order was seen. supplier.dedupes_payload_id may be set.")


def _named(by: str | None) -> str:
    if by is None or not by.strip():
        raise CommandError("the record needs a name: --by NAME")
    return by.strip()


def _reference(secret: str | None) -> "SecretReference | None":
    from resources.secrets import SecretReference

    if secret is None:
        return None
    try:
        return SecretReference.parse(secret)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--secret") from None


def _tell(sent: "SentTwice") -> None:
    for place, verdict in enumerate(sent.verdicts, 1):
        say(f"{place}. {verdict.detail}: {verdict.outcome.replace('_', ' ')}")
    if not sent.was_taken:
        raise CommandError(
            "the test site did not take the first one, so nothing is shown or recorded", Exit.UNAVAILABLE
        )


def _looked(order_id: str, orders_seen: int | None, evidence: str | None) -> tuple[int, str]:
    seen = orders_seen
    if seen is None:
        question = f"How many orders {order_id} does the test site show?"
        seen = int(typer.prompt(question, type=int, err=True))
    shown = evidence or (typer.prompt("What shows it?", err=True) if sys.stdin.isatty() else "")
    if not str(shown).strip():
        raise CommandError("say what shows it: --evidence TEXT")
    return seen, str(shown).strip()
