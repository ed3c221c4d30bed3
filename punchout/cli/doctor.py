"""`punchout doctor`: looks at everything a sync and the gateway depend on, and says what to do about what is wrong.

The checks of the machine and the settings are in `checks_of_setup`, those of the HTTP door in `checks_of_gateway`, and
those of the ledger in `checks_of_ledger`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from punchout.cli.check import Check, State
from punchout.cli.console import draw, emit, numbered, say, table
from punchout.cli.errors import Exit, understood
from punchout.cli.opening import AsJson

if TYPE_CHECKING:
    from resources.settings import Settings

_SIGNS = {State.OK: "\u2713", State.WARN: "!", State.FAIL: "\u2717"}


def doctor(*, as_json: AsJson = False) -> None:
    """Look at everything a sync depends on; exit 3 where something is wrong."""
    found = list(_all())
    failed = sum(check.state is State.FAIL for check in found)
    if as_json:
        emit({"ok": not failed, "checks": [asdict(check) for check in found]})
    else:
        rows = ((_SIGNS[check.state], check.name, check.found, check.fix) for check in found)
        draw(table(("", "", "found", "what to do"), rows))
    if failed:
        say(f"{numbered(failed, 'check')} failed.")
        raise typer.Exit(Exit.CONFIGURATION)


def _all() -> Iterator[Check]:
    from punchout.cli.checks_of_gateway import of_gateway
    from punchout.cli.checks_of_ledger import of_ledger
    from punchout.cli.checks_of_setup import of_machine, of_settings

    yield from of_machine()
    configured, check = _settings()
    yield check
    if configured is None:
        return
    yield from of_settings(configured)
    yield from of_gateway(configured)
    yield from of_ledger(configured)


def _settings() -> "tuple[Settings | None, Check]":
    from resources.settings import load_settings, settings_file

    try:
        configured, path = load_settings(), settings_file()
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return None, Check.fail("settings", answer[1], "correct the settings that are named")
    if path is None:
        return configured, Check.warn("settings", "no punchout.toml", "`punchout init` makes one")
    return configured, Check.okay("settings", str(path))
