"""`punchout alert`: what the sensor `alerts` would tell people now, and whether its messages arrive."""

from dataclasses import asdict

import typer

from punchout.cli.console import draw, emit, numbered, say, table
from punchout.cli.errors import CommandError, Exit
from punchout.cli.opening import AsJson, settings, to_read

app = typer.Typer(help="What somebody should be told of, and by which channels.", no_args_is_help=True)


@app.command("ls")
def list_alarms(*, as_json: AsJson = False) -> None:
    """Show what is wrong now, the most urgent first, with what to type."""
    from resources.alerting import standing_alarms
    from resources.exchange import wall_clock

    read = settings()
    with to_read(read) as connection:
        found = standing_alarms(connection, read, wall_clock())
    if as_json:
        emit({"alarms": [{"key": one.key, **asdict(one)} for one in found]})
        return
    if found:
        rows = [(one.urgency, one.kind, one.headline, one.command) for one in found]
        draw(table(("urgency", "kind", "what", "type"), rows))
    say(f"{numbered(len(found), 'alarm')}; docs/runbook.md says what to do" if found else "nothing is wrong")


@app.command("test")
def send_test(*, as_json: AsJson = False) -> None:
    """Send a message to every channel of the settings, and the heartbeat; exit 7 where one does not arrive."""
    from resources.alerting import notifier, place

    read = settings()
    if not read.alerts.channels and read.alerts.heartbeat is None:
        message = "nobody is told of anything: alerts.channels and alerts.heartbeat are not set"
        raise CommandError(message, Exit.CONFIGURATION)
    tell = notifier(read)
    failures = list(
        tell.tell(f"{place(read)}: a test", "Nothing is wrong; somebody wanted to see whether this arrives.")
    )
    failures += [one for one in [tell.beat()] if one is not None]
    sent = len(tell.channels) + (tell.heartbeat is not None) - len(failures)
    if as_json:
        emit({"sent": sent, "failures": [asdict(one) for one in failures]})
    else:
        say(f"{numbered(sent, 'message')} sent", *[f"{one.channel}: {one.reason}" for one in failures])
    if failures:
        raise typer.Exit(Exit.UNAVAILABLE)
