"""`punchout sandbox run`: plays the whole way against a stand-in Amazon and a stand-in Business Central.

The stand-ins are a child process that knows nothing of the product and has an opinion of its own on how everything
should stand after each round. The rounds are in `sandbox_rounds`, the child in `sandbox_child`, the folder in
`sandbox_home`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from punchout.cli.console import say, write
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import DryRun
from punchout.cli.sandbox_doors import Doors

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.cli.sandbox_home import Progress, SandboxHome
    from punchout.cli.sandbox_rounds import Counts, Rounds
    from resources.settings import Settings

app = typer.Typer(help="A stand-in Amazon and Business Central to play with.", no_args_is_help=True)

_PREFIX = "PUNCHOUT_"
_URL = "PUNCHOUT_SUPPLIER__ORDER_URL"


class ScenarioSet(StrEnum):
    """What is played."""

    HANDFUL = "handful"
    FULL = "full"


class OrdersSentBy(StrEnum):
    """Who sends the orders."""

    PIPELINE = "pipeline"
    BC = "bc"


class Profile(StrEnum):
    """Which database the ledger is in."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@app.callback()
def _sandbox() -> None:
    """A stand-in Amazon and Business Central to play with."""


@app.command()
def run(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over: remove what earlier runs have made.")] = False,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else PUNCHOUT_HOME, else ./var.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Varies identifiers and prices, never the script.")] = None,
    scenario_set: Annotated[
        ScenarioSet | None, typer.Option("--scenario-set", help="Two hundred requests, or a handful.")
    ] = None,
    orders_sent_by: Annotated[
        OrdersSentBy | None, typer.Option("--orders-sent-by", help="Who sends the orders: we, or Business Central.")
    ] = None,
    profile: Annotated[
        Profile | None,
        typer.Option("--profile", help="The ledger's database: a file, or a PostgreSQL server of its own."),
    ] = None,
    doors: Annotated[
        Doors | None,
        typer.Option("--doors", help="The ways in: all of them, each for some documents, or a drop folder for all."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Play the script, or what is left of it, and compare every round; exit 1 on any difference.

    When the script has ended, a further run delivers everything again: all duplicates, nothing new.
    """
    from punchout.cli.sandbox_home import sandbox_home

    folder = (home or Path(os.environ.get("PUNCHOUT_HOME") or "var")).expanduser().absolute()
    if dry_run:
        began = "after removing what earlier runs have made" if fresh else "from where the last run ended"
        say(f"Would play against a stand-in Amazon and Business Central in {folder}, {began}.")
        return
    with sandbox_home(folder, fresh=fresh) as opened, _own_environment(folder):
        progress = opened.progress(
            {
                "seed": seed,
                "scenario_set": scenario_set,
                "orders_sent_by": orders_sent_by,
                "profile": profile,
                "doors": doors,
            }
        )
        with _database(opened, progress):
            is_well = _run(opened, progress)
    if not is_well:
        raise typer.Exit(Exit.FAILED)


@contextmanager
def _database(home: "SandboxHome", progress: "Progress") -> Iterator[None]:
    """Have the home folder ready, and its database server running where it has one."""
    if progress.profile != Profile.POSTGRES:
        home.prepare(progress)
        yield
        return
    from punchout.cli.sandbox_postgres import PostgresChild
    from punchout.cli.sandbox_postgres_folder import postgres_folder

    home.note(progress)
    folder = postgres_folder(home.path)
    with PostgresChild(folder):
        home.prepare(progress, folder.url)
        yield


def _run(home: "SandboxHome", progress: "Progress") -> bool:
    from punchout.cli.sandbox_child import SandboxChild
    from punchout.cli.sandbox_rounds import Counts, Rounds
    from resources.exchange import open_ledger
    from resources.settings import load_settings

    settings = load_settings(home=home.path)
    engine = open_ledger(settings)
    try:
        _switch_on(settings, engine)
        before = Counts.of(engine)
        doors = home.doors(progress)
        arguments, ports = _arguments(home, settings, progress), {**_port(settings), **doors.ports(settings)}
        with (
            doors.gateway(settings) as told,
            SandboxChild([*arguments, *told], home.state / "stderr.log", ports) as child,
        ):
            os.environ.update({_URL: child.ready["order_url"], **doors.environment(child.ready)})
            rounds = Rounds(home, load_settings(home=home.path), engine, child)
            is_played = _is_played(rounds, progress)
        write(_last_line(rounds, engine, Counts.of(engine).since(before)))
    finally:
        engine.dispose()
    return is_played and rounds.differences == 0


def _is_played(rounds: "Rounds", progress: "Progress") -> bool:
    """Play; a failure is told at once, and the last line still says how far it came."""
    try:
        rounds.play(progress)
    except CommandError as error:
        say(*str(error).split("\n"))
        return False
    return True


def _last_line(rounds: "Rounds", engine: "sa.Engine", added: "Counts") -> str:
    from punchout.ledger.engine import reading
    from punchout.ledger.ledger_hash import ledger_hash
    from punchout.ledger.runs import last_as_of
    from punchout.model.moments import iso_utc

    with reading(engine) as connection:
        digest, as_of = ledger_hash(connection), last_as_of(connection)
    values = {
        "documents_new": added.documents,
        "duplicates": added.duplicates,
        "orders_sent": added.orders_sent,
        "bc_updates": added.bc_updates,
        "compared": rounds.compared,
        "differences": rounds.differences,
        "ledger_hash": digest,
        "as_of": "" if as_of is None else iso_utc(as_of),
        "report": "" if rounds.report is None else rounds.report,
    }
    return " ".join(f"{name}={value}" for name, value in values.items())


def _switch_on(settings: "Settings", engine: "sa.Engine") -> None:
    from punchout.cli.channel import set_channel
    from punchout.ledger.sending.switches import ORDERS, is_on

    with engine.connect() as connection:
        known = is_on(connection, ORDERS)
    if not known:
        set_channel(settings, engine, on=True, by="sandbox", reason="orders go to the stand-in", as_of=None)


def _arguments(home: "SandboxHome", settings: "Settings", progress: "Progress") -> list[str]:
    """Return how the stand-ins are started, but for their ports."""
    from punchout.cli.sandbox_home import BUYER

    return [
        "--home", str(home.state),
        *home.doors(progress).arguments(settings),
        "--seed", str(progress.seed),
        "--scenario-set", progress.scenario_set,
        "--orders-sent-by", progress.orders_sent_by,
        "--cutover", settings.orders.cutover_at.isoformat() if settings.orders.cutover_at else "",
        "--deployment-mode", settings.environment,
        "--buyer-identity", BUYER,
        "--secret-file", str(home.secret),
    ]  # fmt: skip


def _port(settings: "Settings") -> dict[str, int]:
    port = urlsplit(settings.supplier.order_url or "").port
    return {} if port is None else {"--port": port}


@contextmanager
def _own_environment(home: Path) -> Iterator[None]:
    """Let nothing but the home folder's settings file hold: a shell may be set up for a real company."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_PREFIX)}
    ignored = sorted(set(kept) - {"PUNCHOUT_HOME", "PUNCHOUT_TEST_DATA"})
    if ignored:
        say(f"Not heeded by the sandbox: {', '.join(ignored)}")
    for name in kept:
        del os.environ[name]
    os.environ["PUNCHOUT_HOME"] = str(home)
    os.environ["PUNCHOUT_CONFIG"] = str(home / "punchout.toml")
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith(_PREFIX)]:
            del os.environ[name]
        os.environ.update(kept)
