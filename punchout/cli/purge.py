"""`punchout purge`: erases stored bytes and personal data of what is over, and says first what that is."""

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import draw, emit, heading, numbered, say
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsJson, AsOf, By, DryRun, instant, person, settings, to_read, to_write
from punchout.cli.purge_view import as_plain, tables

if TYPE_CHECKING:
    from punchout.model.moments import Micros
    from resources.retention import PurgeReport

_AGE = re.compile(r"([1-9][0-9]{0,4})d", re.ASCII)

OlderThan = Annotated[
    str, typer.Option("--older-than", metavar="DAYS", help="How long ago it was received, such as 400d.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; it is written down with the purge.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask. Needed where nobody is there to be asked.")]


def purge(
    *,
    older_than: OlderThan,
    by: By = None,
    reason: Reason = None,
    as_of: AsOf = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Erase the bytes and the personal data of documents and orders of requests that are over. It cannot be undone.

    Hashes, identifiers, quantities, prices, dates and stages stay, and nothing that is open is touched. Exit 7 where
    the database's file could not be cleared; the same command tries it again.
    """
    from resources.retention import foreseen

    configured, who, age, moment = settings(), person(by), _age(older_than), instant(as_of)
    with to_read(configured) as connection:
        found = foreseen(configured, connection, age, moment)
    if dry_run:
        _show(found, who, reason, as_json=as_json, dry_run=True)
        return
    if not as_json:
        _show(found, who, reason, as_json=False, dry_run=True)
    if not yes and found.outcome.taken.total:
        _confirm(found)
    done = _purged(age, moment, who, reason)
    if as_json:
        _show(done, who, reason, as_json=True, dry_run=False)
    _tell(done)


def _purged(age: "Micros", moment: "Micros | None", who: str, reason: str | None) -> "PurgeReport":
    from punchout.ledger.retention.purge import Decided
    from resources.retention import purge_ledger

    configured = settings()
    with to_write(configured) as engine:
        return purge_ledger(configured, engine, age, moment, Decided(who, reason))


def _show(found: "PurgeReport", by: str, reason: str | None, *, as_json: bool, dry_run: bool) -> None:
    plain: dict[str, Any] = {"dry_run": dry_run, "by": by, "reason": reason, **as_plain(found)}
    if as_json:
        emit(plain)
    else:
        draw(heading(f"Received before {plain['before']}"), *tables(found))


def _tell(done: "PurgeReport") -> None:
    taken, space = done.outcome.taken, done.space
    documents = numbered(sum(taken.documents.values()), "document")
    say(f"Erased the bytes of {documents} and of {numbered(taken.orders, 'order')}.")
    if space is not None and space.problem is not None:
        say(
            f"They are gone from the ledger, and may still stand in its file: {space.problem}.",
            "Run the same command again.",
        )
        raise typer.Exit(Exit.UNAVAILABLE)
    if space is not None and space.before is not None:
        say(f"The database's files take {space.after} bytes now, {space.before} before.")


def _age(text: str) -> "Micros":
    from punchout.model.moments import DAY

    found = _AGE.fullmatch(text.strip())
    if found is None:
        message = f"{text!r} is no number of days such as 400d"
        raise typer.BadParameter(message, param_hint="--older-than")
    return int(found.group(1)) * DAY


def _confirm(found: "PurgeReport") -> None:
    """Have it said once more.

    Raises:
        CommandError: it was not said, or nobody is there to say it.
    """
    if not _can_be_asked():
        count = numbered(sum(found.outcome.taken.documents.values()), "document")
        raise CommandError(f"nobody is there to confirm; --yes would erase the bytes of {count}")
    typed: str = typer.prompt("This cannot be undone. Type purge to go on", default="", show_default=False, err=True)
    if typed.strip() != "purge":
        raise CommandError("nothing was erased")


def _can_be_asked() -> bool:
    return sys.stdin.isatty()
