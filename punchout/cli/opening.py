"""What commands begin with: the settings, the ledger to read or to write, a stated moment, and who is asking.

Reading never makes or changes a ledger; only commands that write bring a database to this program's schema.
"""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from punchout.cli.console import say
from punchout.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.model.moments import Micros
    from resources.settings import Settings

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of text for people.")]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option("--as-of", metavar="T", help="The moment it happens at, such as 2026-03-02T17:00:00+00:00."),
]
By: TypeAlias = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does this; else the login name.")]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask at a terminal; for scripts.")]
DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def settings() -> "Settings":
    """Read the settings, and log as they say from here on: on stderr, with secrets taken out.

    Raises:
        ConfigurationError: they cannot be used.
    """
    from resources.logs import configure_logging
    from resources.settings import load_settings

    read = load_settings()
    configure_logging(level=read.logging.level, form=read.logging.format)
    return read


@contextmanager
def to_read(settings: "Settings") -> Iterator["sa.Connection"]:
    """Open the ledger as it stands, in one consistent picture.

    Raises:
        CommandError: there is no ledger yet, or it has another schema than this program's.
        HalfMadeError: it is what a replay left that was cut short.
    """
    from punchout.ledger.engine import reading
    from punchout.ledger.upkeep.replay import require_whole

    engine = existing(settings)
    try:
        with reading(engine) as connection:
            _refuse_other_schema(connection)
            require_whole(connection)
            yield connection
    finally:
        engine.dispose()


def existing(settings: "Settings") -> "sa.Engine":
    """Open the database without making it.

    Raises:
        CommandError: it is a SQLite file that is not there.
    """
    from punchout.ledger.engine import open_engine

    url = settings.database.sqlalchemy_url()
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        message = f"there is no ledger yet at {url.database}; `punchout sync` makes one"
        raise CommandError(message, Exit.CONFIGURATION)
    return open_engine(url, settings.documents.archive_dir)


@contextmanager
def to_write(settings: "Settings") -> Iterator["sa.Engine"]:
    """Open the ledger, made or brought up to date where needed."""
    from resources.exchange import open_ledger

    engine = open_ledger(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def instant(text: str | None) -> "Micros | None":
    """Read a moment that was given on the command line; None where none was.

    Raises:
        BadParameter: it is no date and time with an offset.
    """
    if text is None:
        return None
    from punchout.model.moments import to_micros

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no date and time such as 2026-03-02T17:00:00+00:00"
        raise typer.BadParameter(message, param_hint="--as-of") from None
    if moment.tzinfo is None:
        message = f"{text!r} does not say in which zone; add Z or an offset such as +00:00"
        raise typer.BadParameter(message, param_hint="--as-of")
    return to_micros(moment)


def person(by: str | None) -> str:
    """Return who does this: as stated, else the login name.

    Raises:
        CommandError: neither is known.
    """
    if by is not None and by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        message = "it is not known who you are; name yourself with --by"
        raise CommandError(message) from None


def ask_first(what: Callable[[], str], *, yes: bool) -> None:
    """Have whoever sits at a terminal confirm what nothing takes back, or what lets money go.

    A script is not asked: it has said who does it and why, which such commands do not go without.

    Raises:
        CommandError: it was not confirmed.
    """
    if yes or not sys.stdin.isatty():
        return
    say(what())
    if not typer.confirm("Do it?", default=False, err=True):
        raise CommandError("nothing was done")


def _refuse_other_schema(connection: "sa.Connection") -> None:
    from punchout.ledger.schema import current, head

    found, wanted = current(connection), head()
    if found != wanted:
        message = (
            "the ledger is empty; `punchout sync` fills it"
            if found is None
            else f"the ledger has schema {found}, and this version works with {wanted}; `punchout sync` brings it there"
        )
        raise CommandError(message, Exit.CONFIGURATION)
