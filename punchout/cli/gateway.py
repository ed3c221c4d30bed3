"""`punchout gateway`: the HTTP door, until it is told to stop."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import emit
from punchout.cli.opening import AsOf, instant, settings, to_write

if TYPE_CHECKING:
    from resources.settings import Settings


def gateway(
    *,
    host: Annotated[str | None, typer.Option("--host", help="Where to listen; else gateway.host.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Likewise; 0 takes any that is free.")] = None,
    as_of: AsOf = None,
) -> None:
    """Open the HTTP door for documents; prints one JSON line with its address when it is ready.

    With --as-of everything that comes in comes in at that moment, as in a sync with --as-of: for rehearsals.
    """
    from punchout.gateway.door import open_door
    from punchout.gateway.serving import require_safe, serve

    configured, moment = _with(settings(), host, port), instant(as_of)
    require_safe(configured)
    with to_write(configured) as engine:
        door = open_door(configured, engine, None if moment is None else lambda: moment)
        serve(door, _ready)


def _ready(address: str) -> None:
    emit({"ready": True, "address": address})
    # Whoever waits for this line reads from a pipe.
    sys.stdout.flush()


def _with(configured: "Settings", host: str | None, port: int | None) -> "Settings":
    """Return the settings with what the command line says in their place."""
    changes: dict[str, Any] = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return configured.model_copy(update={"gateway": configured.gateway.model_copy(update=changes)})
