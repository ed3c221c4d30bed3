"""The binding of plain clients to Dagster: how a run opens what its assets work with, and closes it again.

What is configured is where the settings are and which moment a run speaks of. Everything else, secrets above all, is
read from the settings when a run starts; loading these definitions reads nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import Field

from punchout.ledger.runs import open_run
from punchout.model.moments import Micros, parse_moment
from punchout.model.unreadable import Unreadable
from resources.errors import ConfigurationError
from resources.exchange import Exchange, open_ledger, wall_clock
from resources.expectations import Expectations
from resources.reporting import Reporting, open_reporting
from resources.settings import Settings, load_settings

EXCHANGE = "exchange"
EXPECTATIONS = "expectations"
REPORTING = "reporting"

_AS_OF = Field(default=None, description="The moment that everything in the run happens at (ISO 8601); else now.")
_HOME = Field(default=None, description="The home folder; else PUNCHOUT_HOME, else ./var.")
_BOUND_CONFIG = {"as_of": dg.Field(str, is_required=False)}


class ExchangeResource(dg.ConfigurableResource[Exchange]):
    """Opens the exchange, and the sync that a run is: every process of one run works at one moment."""

    as_of: str | None = _AS_OF
    home: str | None = _HOME

    def create_resource(self, context: dg.InitResourceContext) -> Exchange:
        """Open the ledger and the sync that is named after the run.

        Raises:
            ConfigurationError: the settings cannot be used, or there is no run.
            ClockRanBackwardsError: `as_of` lies before the last sync's.
        """
        return open_exchange(settings_at(self.home), _run_name(context), instant(self.as_of))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Exchange]:
        """Hand the exchange to the run, and close it at its end."""
        exchange = self.create_resource(context)
        try:
            yield exchange
        finally:
            exchange.engine.dispose()


class ReportingResource(dg.ConfigurableResource[Reporting]):
    """Opens the ledger to report from it; never moves its clock."""

    as_of: str | None = _AS_OF
    home: str | None = _HOME

    def create_resource(self, context: dg.InitResourceContext) -> Reporting:  # noqa: ARG002 - nothing depends on the run
        """Open the ledger.

        Raises:
            ConfigurationError: the settings cannot be used.
        """
        return open_reporting(settings_at(self.home), instant(self.as_of))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Reporting]:
        """Hand the ledger to the run, and close it at its end."""
        reporting = self.create_resource(context)
        try:
            yield reporting
        finally:
            reporting.engine.dispose()


def bindings(settings: Settings | None = None) -> Mapping[str, object]:
    """Return the resources of every job, by key; bound to these settings, or to those that a run finds."""
    # Nothing is configured about it, and nothing loaded before there is something to check.
    expectations = {EXPECTATIONS: Expectations()}
    if settings is None:
        return {EXCHANGE: ExchangeResource(), REPORTING: ReportingResource(), **expectations}
    return {EXCHANGE: _bound_exchange(settings), REPORTING: _bound_reporting(settings), **expectations}


def _run_name(context: dg.InitResourceContext) -> str:
    if context.run is None:
        raise ConfigurationError("the exchange is opened within a run only")
    return context.run.run_id


def _bound_exchange(settings: Settings) -> dg.ResourceDefinition:
    @dg.resource(config_schema=_BOUND_CONFIG)
    def exchange(context: dg.InitResourceContext) -> Iterator[Exchange]:
        opened = open_exchange(settings, _run_name(context), instant(context.resource_config.get("as_of")))
        try:
            yield opened
        finally:
            opened.engine.dispose()

    return exchange


def _bound_reporting(settings: Settings) -> dg.ResourceDefinition:
    @dg.resource(config_schema=_BOUND_CONFIG)
    def reporting(context: dg.InitResourceContext) -> Iterator[Reporting]:
        opened = open_reporting(settings, instant(context.resource_config.get("as_of")))
        try:
            yield opened
        finally:
            opened.engine.dispose()

    return reporting


def open_exchange(settings: Settings, run_name: str, as_of: Micros | None) -> Exchange:
    """Open the ledger and the named sync; the caller disposes of the engine.

    Raises:
        ClockRanBackwardsError: `as_of` lies before the last sync's.
    """
    engine = open_ledger(settings)
    try:
        with engine.begin() as connection:
            moment = open_run(connection, run_name, as_of, wall_clock())
        return Exchange(settings, engine, moment)
    except BaseException:
        engine.dispose()
        raise


def settings_at(home: str | None) -> Settings:
    """Read the settings of a home folder, or of this process."""
    return load_settings(home=None if home is None else Path(home))


def instant(text: str | None) -> Micros | None:
    """Read the moment that a run is configured with.

    Raises:
        ConfigurationError: it is no date and time.
    """
    if text is None:
        return None
    try:
        moment = parse_moment(text).utc
    except Unreadable as wrong:
        raise ConfigurationError(f"as_of: {wrong.detail}") from None
    if moment is None:
        raise ConfigurationError(f"as_of: {text} is a day, and a moment is wanted")
    return moment
