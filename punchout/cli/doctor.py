"""`punchout doctor`: looks at everything a sync and the gateway depend on, and says what to do about what is wrong.

The checks of the machine and the settings are in `checks_of_setup`, those of the home folder in `checks_of_storage`,
those of the servers that are spoken to in `checks_of_connections`, those of the HTTP door in `checks_of_gateway`, those
of punchout sessions in `checks_of_sessions`, and those of the ledger in `checks_of_ledger`.
"""

import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from punchout.cli.check import Check, State
from punchout.cli.console import draw, emit, numbered, say, table
from punchout.cli.errors import Exit, understood
from punchout.cli.opening import AsJson

if TYPE_CHECKING:
    from resources.settings import Settings

# They lead to the settings, and set nothing.
_NO_SETTINGS = frozenset({"PUNCHOUT_HOME", "PUNCHOUT_CONFIG"})
_SIGNS = {State.OK: "\u2713", State.WARN: "\u26a0", State.FAIL: "\u2717"}


Offline = Annotated[bool, typer.Option("--offline", help="Speak to no server but the ledger's database.")]


def doctor(*, offline: Offline = False, as_json: AsJson = False) -> None:
    """Look at everything a sync depends on; exit 3 where something is wrong."""
    found = list(_all(offline=offline))
    failed = sum(check.state is State.FAIL for check in found)
    if as_json:
        emit({"ok": not failed, "checks": [asdict(check) for check in found]})
    else:
        rows = ((_SIGNS[check.state], check.name, check.found, check.fix) for check in found)
        draw(table(("", "", "found", "what to do"), rows))
    if failed:
        say(f"{numbered(failed, 'check')} failed.")
        raise typer.Exit(Exit.CONFIGURATION)


def _all(*, offline: bool) -> Iterator[Check]:
    from punchout.cli.checks_of_connections import of_connections
    from punchout.cli.checks_of_gateway import of_gateway
    from punchout.cli.checks_of_ledger import of_ledger
    from punchout.cli.checks_of_sessions import of_sessions
    from punchout.cli.checks_of_setup import of_machine, of_settings
    from punchout.cli.checks_of_storage import of_storage

    yield from of_machine()
    configured, check = _settings()
    yield check
    if configured is None:
        return
    yield from of_settings(configured)
    yield from of_storage(configured)
    if not offline:
        yield from of_connections(configured)
    yield from of_gateway(configured)
    yield from of_sessions(configured)
    yield from of_ledger(configured)


def _settings() -> "tuple[Settings | None, Check]":
    from resources.settings import load_settings, settings_file
    from resources.settings_errors import PREFIX

    try:
        configured, path = load_settings(), settings_file()
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return None, Check.fail("settings", answer[1], "correct the settings that are named")
    if path is None:
        return configured, Check.warn("settings", "no punchout.toml", "`punchout init` makes one")
    named = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in _NO_SETTINGS)
    above = f"; above it stand {', '.join(named)}" if named else ""
    return configured, Check.okay("settings", f"{path}{above}")
