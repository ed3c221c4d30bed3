"""The entry point: puts the commands together. What each does is in the module of its group."""

import gc
import os
import sys
from typing import Annotated

import typer

from punchout.cli import (
    alert,
    config,
    decide,
    doctor,
    documents,
    dtd,
    gateway,
    outbox,
    purge,
    quarantine,
    replay,
    reporting,
    reprocess,
    sandbox,
    session,
    start,
    status,
    sync,
)
from punchout.cli.errors import Commands

app = typer.Typer(
    name="punchout",
    cls=Commands,
    help="Amazon Business punchout with Dynamics 365 Business Central: what was ordered, and what became of it.",
    epilog=(
        "Exit codes: 0 done, 1 failed, 2 usage, 3 configuration, 4 done with documents newly quarantined, "
        "5 orders in doubt, 7 something is unavailable, 8 a promise is broken or a replay differs, 130 interrupted."
    ),
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show what documents say.
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - the value of an option
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(version("punchout-exchange"))
    except PackageNotFoundError:
        print("not installed as a package")
    raise typer.Exit


@app.callback()
def _options(
    *,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours; NO_COLOR does the same.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version
    if no_color:
        os.environ["NO_COLOR"] = "1"


app.command("sync")(sync.sync)
app.command("inspect")(documents.inspect)
app.command("status")(status.status)
app.command("trace")(status.trace)
app.command("report")(reporting.report)
app.command("verify")(reporting.verify)
app.command("replay")(replay.replay)
app.command("reprocess")(reprocess.reprocess)
app.command("purge")(purge.purge)
app.add_typer(outbox.app, name="outbox")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(decide.app, name="decide")
app.add_typer(session.app, name="session")
app.add_typer(alert.app, name="alert")
app.command("init")(start.init)
app.add_typer(config.app, name="config")
app.command("doctor")(doctor.doctor)
app.add_typer(dtd.app, name="dtd")
app.command("gateway")(gateway.gateway)
app.add_typer(sandbox.app, name="sandbox")


def main() -> None:
    """Run the command that the arguments name."""
    # Whatever is written is for its owner alone.
    os.umask(0o077)
    look_for_cycles_seldom()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal's encoding lacks must not end a command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app()


def look_for_cycles_seldom() -> None:
    """Have Python collect garbage less often than by default.

    A sync makes records by the thousand and no cycles: by default a fifth of it is spent looking for some.
    """
    gc.set_threshold(50_000, 20, 10)
