"""`punchout replay`: the ledger made once more from its stored bytes, in an empty database, and compared."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import draw, emit, facts, heading, numbered, say, table
from punchout.cli.decide_view import short
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsJson, DryRun, existing, settings, to_read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from resources.replaying import Replayed
    from resources.settings import Settings

Into = Annotated[
    str | None,
    typer.Option(
        "--into",
        metavar="FILE|URL",
        help="Keep the replayed ledger in this SQLite file, or in this empty database with the ledger's own password.",
    ),
]


def replay(*, into: Into = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Make the ledger anew from its stored bytes, elsewhere, and compare; exit 8 where the two differ.

    Nothing is sent, and the ledger itself is only read.
    """
    configured = settings()
    with to_read(configured) as connection:
        if dry_run:
            _plan(connection, into)
            return
    from punchout.ledger.upkeep.replay import NotEmptyError
    from resources.replaying import replay_ledger

    source = existing(configured)
    try:
        with _target(configured, into) as target:
            replayed = replay_ledger(configured, source, target)
    except NotEmptyError as error:
        raise CommandError(str(error)) from None
    finally:
        source.dispose()
    _tell(replayed, into, as_json=as_json)
    raise typer.Exit(Exit.DONE if replayed.is_equal else Exit.NOT_OK)


def _plan(connection: "sa.Connection", into: str | None) -> None:
    import sqlalchemy as sa

    from punchout.ledger.tables.facts import DOCUMENT

    purged = DOCUMENT.c.purge_id.is_not(None)
    total, carried = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((purged, 1), else_=0)), 0)).select_from(
            DOCUMENT
        )
    ).one()
    say(f"Would read {numbered(total - carried, 'document')} again into {into or 'a file that is removed afterwards'}.")
    if carried:
        say(f"{numbered(carried, 'document')} would go over with their facts: their bytes were purged.")


@contextmanager
def _target(configured: "Settings", into: str | None) -> "Iterator[sa.Engine]":
    """Open the database to replay into; one that nobody asked to keep is removed afterwards."""
    from punchout.ledger.engine import open_engine
    from resources.replay_folder import replay_folder

    home = configured.home
    with replay_folder(home) if home.is_dir() else tempfile.TemporaryDirectory(prefix="replay-") as folder:
        engine = open_engine(_address(configured, into, Path(folder)))
        try:
            yield engine
        finally:
            engine.dispose()


def _address(configured: "Settings", into: str | None, folder: Path) -> "sa.URL":
    import sqlalchemy as sa
    from pydantic import ValidationError

    from resources.settings_sections import DatabaseSettings

    if into is None or "://" not in into:
        path = folder / "ledger.sqlite3" if into is None else Path(into).expanduser().absolute()
        if not path.parent.is_dir():
            raise CommandError(f"there is no folder {path.parent}")
        return sa.URL.create("sqlite", database=str(path))
    try:
        stated = DatabaseSettings(url=into, password=configured.database.password)
    except ValidationError as error:
        raise CommandError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    url = stated.sqlalchemy_url()
    return url.set(password=None) if url.get_backend_name() == "sqlite" else url


def _tell(replayed: "Replayed", into: str | None, *, as_json: bool) -> None:
    plain = _as_plain(replayed, into)
    if as_json:
        emit(plain)
    else:
        draw(heading("equal" if replayed.is_equal else "different"))
        draw(facts((name, value) for name, value in plain.items() if name not in ("equal", "differences")))
        if replayed.differences:
            columns = ("of", "table", "in the ledger", "in its replay", "what")
            rows = (
                (short(one.subject), one.table, one.here, one.there, ", ".join(one.columns))
                for one in replayed.differences
            )
            draw(table(columns, rows, title="Differences"))
    if replayed.carried:
        say(f"{numbered(replayed.carried, 'document')} went over with their facts: their bytes were purged.")
    if replayed.waiting:
        say(f"{numbered(replayed.waiting, 'thing')} wait for the next sync: run `punchout sync` before a replay.")


def _as_plain(replayed: "Replayed", into: str | None) -> dict[str, Any]:
    from punchout.model.moments import iso_utc

    return {
        "equal": replayed.is_equal,
        "as_of": iso_utc(replayed.as_of),
        "documents": replayed.documents,
        "carried": replayed.carried,
        "ledger_hash": replayed.hashes[0],
        "replayed_hash": replayed.hashes[1],
        "waiting": replayed.waiting,
        "into": into,
        "differences": [asdict(one) for one in replayed.differences],
    }
