"""`punchout report` and `punchout verify`: the tracking report, and whether the ledger keeps its promises."""

from pathlib import Path
from typing import Annotated

import typer

from punchout.cli.console import draw, emit, heading, say, table, write
from punchout.cli.errors import Exit
from punchout.cli.opening import AsJson, existing, settings, to_read


def report(
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write it; else as configured.")] = None,
) -> None:
    """Write the tracking report, and print where it is."""
    configured = settings()
    folder = configured.report.out_dir if out is None else out
    with to_read(configured) as connection:
        from punchout.ledger.runs import last_as_of
        from punchout.reports.tracking import write_tracking_report
        from resources.exchange import wall_clock

        folder.mkdir(parents=True, exist_ok=True)
        as_of = last_as_of(connection)
        written = write_tracking_report(connection, folder, wall_clock() if as_of is None else as_of)
    write(str(written))


def verify(as_json: AsJson = False) -> None:
    """Check every promise on the ledger as it stands, without changing it; exit 8 where one is broken."""
    configured = settings()
    with to_read(configured):
        pass
    from resources.verification import verify_ledger

    engine = existing(configured)
    try:
        found = verify_ledger(configured, engine)
    finally:
        engine.dispose()
    if as_json:
        emit(found)
    else:
        words = {True: "ok", False: "BROKEN", None: "not checked"}
        rows = ((one["id"], words[one["ok"]], one["title"], one["detail"]) for one in found["invariants"])
        draw(heading(f"ledger {found['ledger_hash']}"), table(("", "", "promise", "detail"), rows))
    broken = [one["id"] for one in found["invariants"] if one["ok"] is False]
    if not found["ok"]:
        say(f"Broken: {', '.join(broken)}. Stop sending (`punchout outbox hold --channel orders`) until it is understood.")
        raise typer.Exit(Exit.NOT_OK)
