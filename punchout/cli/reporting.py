"""`punchout report` and `punchout verify`: the tracking report, and whether the ledger keeps its promises."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from punchout.cli.console import draw, emit, heading, say, table, write
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsJson, DryRun, existing, settings, to_read


def report(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write it; else as configured.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Write the tracking report, a page and beside it a workbook and CSV files, and print where the page is."""
    configured = settings()
    folder = configured.report.out_dir if out is None else out
    with to_read(configured) as connection:
        if dry_run:
            say(f"Would write the tracking report to {folder}.")
            return
        from punchout.reports.tracking import write_tracking_report

        try:
            written = write_tracking_report(connection, folder, zone=ZoneInfo(configured.company.zone))
        except OSError as error:
            raise CommandError(f"{folder} cannot be written to: {error.strerror}", Exit.UNAVAILABLE) from None
    write(str(written))


def verify(*, as_json: AsJson = False) -> None:
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
        words = {True: "ok", False: "BROKEN"}
        rows = ((one["id"], words[one["ok"]], one["title"], one["detail"]) for one in found["invariants"])
        draw(heading(f"ledger {found['ledger_hash']}"), table(("", "", "promise", "detail"), rows))
    broken = [one["id"] for one in found["invariants"] if one["ok"] is False]
    if not found["ok"]:
        say(
            f"Broken: {', '.join(broken)}.",
            "Stop sending until it is understood: `punchout outbox hold --channel orders`.",
        )
        raise typer.Exit(Exit.NOT_OK)
