"""`punchout config`: the settings as they hold, where each comes from, whether they fit, and their schema."""

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from punchout.cli.console import draw, emit, say, table
from punchout.cli.opening import AsJson, settings

if TYPE_CHECKING:
    from resources.settings import Settings

app = typer.Typer(help="The settings.", no_args_is_help=True)


@app.command()
def show(*, as_json: AsJson = False) -> None:
    """Show every setting with where it comes from. Secrets are references here, and never shown."""
    found = list(described(settings()))
    if as_json:
        emit({name: {"value": value, "source": source} for name, value, source in found})
        return
    draw(table(("setting", "value", "from"), ((name, _shown(value), source) for name, value, source in found)))


@app.command()
def check() -> None:
    """Say whether the settings can be used; exit 3 where they cannot."""
    configured = settings()
    check_needed(configured)
    if configured.orders.sent_by == "pipeline":
        configured.require("supplier.order_url", "supplier.shared_secret", "orders.bill_to", "orders.cutover_at")
    if configured.supplier.shared_secret is not None:
        configured.supplier.shared_secret.reveal()
    if configured.database.password is not None:
        configured.database.password.reveal()
    if not configured.supplier.identities:
        say("supplier.identities is empty: documents of any sender are accepted.")
    say("The settings can be used.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of punchout.toml, for editors."""
    from resources.settings import Settings

    typer.echo(json.dumps(Settings.model_json_schema(), indent=2))


def check_needed(configured: "Settings") -> None:
    """Check what every sync needs.

    Raises:
        ConfigurationError: something is not set.
    """
    from resources.policies import letterhead, policies

    policies(configured)
    if configured.orders.sent_by == "pipeline":
        letterhead(configured)


def described(configured: "Settings") -> Iterator[tuple[str, object, str]]:
    """Yield each setting's name, its value as JSON has it, and where it comes from."""
    from pydantic_settings import EnvSettingsSource

    from resources.settings import Settings, settings_file
    from resources.settings_errors import variable_name

    path = settings_file()
    in_file = set() if path is None else _names(_toml(path.read_text(encoding="utf-8")))
    in_environment = _names(EnvSettingsSource(Settings)())
    for name, value in _flat(configured.model_dump(mode="json")):
        if _covered(name, in_environment):
            source = variable_name(name) if variable_name(name) in os.environ else "environment"
        elif _covered(name, in_file):
            source = str(path)
        else:
            source = "default"
        yield name, value, source


def _toml(text: str) -> Mapping[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _names(stated: Mapping[str, Any]) -> set[str]:
    """Return the names of what was stated; an empty section states nothing."""
    return {name for name, value in _flat(stated) if value != {}}


def _covered(name: str, stated: set[str]) -> bool:
    """Tell whether a setting was stated, by itself or as a part of something that was stated whole."""
    return name in stated or any(name.startswith(f"{each}.") or each.startswith(f"{name}.") for each in stated)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
