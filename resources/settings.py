"""Settings: where they are read from, how they are put together, and what is said when they are wrong.

A value comes from the caller, else from the environment (`PUNCHOUT_ORDERS__SENT_BY`), else from `punchout.toml`
(`[orders] sent_by`), else it is a default. Relative paths lie under the home folder; the home folder itself is taken
from where the command runs. Nothing here writes: `resources.home` makes the folders.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from typing_extensions import override

from resources.errors import ConfigurationError
from resources.settings_alerts import AlertSettings
from resources.settings_errors import NESTING, PREFIX, explained, misspelt_variables, variable_name
from resources.settings_reconciliation import ReconciliationSettings
from resources.settings_sections import (
    BusinessCentralSettings,
    CartSettings,
    CompanySettings,
    DagsterSettings,
    DatabaseSettings,
    DocumentsSettings,
    FeedSettings,
    GatewaySettings,
    LoggingSettings,
    OrdersSettings,
    QualitySettings,
    ReportSettings,
    SupplierSettings,
)

_FILE_NAME = "punchout.toml"
_DEFAULT_HOME = "./var"

_PATHS_UNDER_HOME = {
    ("business_central", "updates_dir"): "outbox/bc-updates",
    ("dagster", "home"): "dagster",
    ("documents", "archive_dir"): "archive",
    ("documents", "dtd_dir"): "dtd",
    ("orders", "kill_switch"): "STOP",
    ("report", "out_dir"): "reports",
}
# Without a default: they lie under the home folder where they are set.
_PATHS_IF_SET = (("gateway", "tls_certificate"), ("gateway", "tls_key"))
_FEEDS_UNDER_HOME = {
    "cxml": {"path": "inbox/cxml", "content": "cxml"},
    "bc_requests": {"path": "inbox/bc-requests", "content": "bc_requests"},
    "bc_orders": {"path": "inbox/bc-orders", "content": "bc_orders"},
}
DEFAULT_FEEDS = tuple(_FEEDS_UNDER_HOME)
"""The feeds there are where the settings name no others."""


class Settings(BaseSettings):
    """Everything that can be set. Made by `load_settings`; made directly it knows only what it is given."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter=NESTING,
        env_ignore_empty=True,
    )

    home: Path
    environment: Literal["production", "test"] = "test"
    database: DatabaseSettings
    company: CompanySettings = CompanySettings()
    supplier: SupplierSettings = SupplierSettings()
    orders: OrdersSettings
    cart: CartSettings = CartSettings()
    feeds: Mapping[str, FeedSettings]
    business_central: BusinessCentralSettings
    reconciliation: ReconciliationSettings = ReconciliationSettings()
    documents: DocumentsSettings
    gateway: GatewaySettings = GatewaySettings()
    quality: QualitySettings = QualitySettings()
    report: ReportSettings
    alerts: AlertSettings = AlertSettings()
    dagster: DagsterSettings
    logging: LoggingSettings = LoggingSettings()

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take nothing from the environment by itself, so that settings made in code are what the code says."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _place_under_home(cls, given: dict[str, Any]) -> dict[str, Any]:
        home = _path(Path.cwd(), given.get("home", _DEFAULT_HOME))
        if not isinstance(home, Path):
            return given
        placed = {**given, "home": home}
        for (section, name), default in _PATHS_UNDER_HOME.items():
            values = _merged({name: default}, placed.get(section, {}))
            placed[section] = _with_path(home, name, values)
        for section, name in _PATHS_IF_SET:
            if section in placed:
                placed[section] = _with_path(home, name, placed[section])
        placed["database"] = _merged({"url": f"sqlite:///{home / 'ledger.sqlite3'}"}, placed.get("database", {}))
        feeds = _merged(_FEEDS_UNDER_HOME, placed.get("feeds", {}))
        if isinstance(feeds, Mapping):
            feeds = {name: _with_path(home, "path", feed) for name, feed in feeds.items()}
        return {**placed, "feeds": feeds}

    def require(self, *names: str) -> None:
        """Check that settings without a default have been set.

        Args:
            *names: dotted names, for example `orders.sent_by`.

        Raises:
            ConfigurationError: one or more are not set; the message names each and how to set it.
        """
        missing = [name for name in names if _value(self, name) is None]
        if missing:
            lines = [f"{name} is not set: set it in {_FILE_NAME} or as {variable_name(name)}" for name in missing]
            raise ConfigurationError("\n".join(lines))


def load_settings(*, home: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        home: the home folder, where a command line names it; else `PUNCHOUT_HOME`, else `./var`.
        overrides: nested values that stand above the environment and the file.

    Raises:
        ConfigurationError: a file or value cannot be used; the message has one line for each problem.
    """
    path = settings_file(home)
    from_file = {} if path is None else _read(path)
    try:
        from_environment: dict[str, Any] = EnvSettingsSource(Settings)()
    except SettingsError as error:
        # Its own text names the field alone; what json said of the value is in its cause, which is left out.
        message = f"{error}: a list or table in the environment is written as JSON"
        raise ConfigurationError(message) from None
    problems = [*misspelt_variables(os.environ, Settings)]
    given = _merged(_merged(from_file, from_environment), overrides or {})
    if home is not None:
        given = {**given, "home": home}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        # Without the cause: it can show values.
        raise ConfigurationError("\n".join([*explained(error, Settings), *problems])) from None
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


def settings_file(home: Path | None = None) -> Path | None:
    """Find the file that settings are read from: `PUNCHOUT_CONFIG`, else `punchout.toml` in the home folder, else here.

    Raises:
        ConfigurationError: `PUNCHOUT_CONFIG` names no file.
    """
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            message = f"{PREFIX}CONFIG names {named}, which is no file"
            raise ConfigurationError(message)
        return path
    folder = home or Path(os.environ.get(f"{PREFIX}HOME") or _DEFAULT_HOME)
    candidates = (folder.expanduser() / _FILE_NAME, Path(_FILE_NAME))
    return next((path for path in candidates if path.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}"
        raise ConfigurationError(message) from None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ConfigurationError(message) from None


def _merged(lower: Any, upper: Any) -> Any:  # noqa: ANN401 - what a file holds before it is checked
    """Lay one nested mapping over another; anything but a mapping is replaced as a whole."""
    if not isinstance(lower, Mapping) or not isinstance(upper, Mapping):
        return upper
    return {**lower, **{name: _merged(lower.get(name), value) for name, value in upper.items()}}


def _with_path(home: Path, name: str, values: Any) -> Any:  # noqa: ANN401 - as above
    # A folder of an SFTP server is where that server says it is.
    if not isinstance(values, Mapping) or name not in values or values.get("sftp"):
        return values
    return {**values, name: _path(home, values[name])}


def _path(folder: Path, value: Any) -> Any:  # noqa: ANN401 - as above
    return folder / Path(value).expanduser() if isinstance(value, (str, os.PathLike)) else value


def _value(settings: Settings, name: str) -> object:
    return reduce(getattr, name.split("."), settings)
