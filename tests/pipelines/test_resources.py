"""How a run opens what it works with: one moment for all its processes, and everything closed at the end."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.resources import ExchangeResource, ReportingResource, bindings, instant, open_exchange
from punchout.ledger.engine import reading
from punchout.ledger.runs import ClockRanBackwardsError, last_as_of
from resources.errors import ConfigurationError
from resources.exchange import Exchange
from tests.support.exchange_home import at, home_settings

NINE, TEN = at("2026-03-02T19:00:00Z"), at("2026-03-02T20:00:00Z")


@dg.asset
def moment(exchange: dg.ResourceParam[Exchange]) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"as_of": exchange.as_of})


def as_of_in_run(resource: object, instance: dg.DagsterInstance, run_id: str, config: dict[str, object]) -> int:
    job = dg.Definitions(assets=[moment], resources={"exchange": resource}).resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance, run_id=run_id, run_config={"resources": {"exchange": {"config": config}}}
    )
    (materialization,) = result.asset_materializations_for_node("moment")
    value = materialization.metadata["as_of"].value
    assert isinstance(value, int)
    return value


def test_every_process_of_a_run_works_at_its_first_moment(tmp_path: Path) -> None:
    settings = home_settings(tmp_path)
    first = open_exchange(settings, "run", NINE)
    second = open_exchange(settings, "run", None)
    for exchange in (first, second):
        exchange.engine.dispose()
    assert (first.as_of, second.as_of) == (NINE, NINE)


def test_a_run_opens_the_sync_of_its_own_id_at_the_configured_moment(tmp_path: Path) -> None:
    run_id = "11111111-1111-1111-1111-111111111111"
    config: dict[str, object] = {"as_of": "2026-03-02T19:00:00Z", "home": str(tmp_path)}
    with dg.DagsterInstance.ephemeral() as instance:
        assert as_of_in_run(ExchangeResource(), instance, run_id, config) == NINE
    again = open_exchange(home_settings(tmp_path), run_id, TEN)
    again.engine.dispose()
    assert again.as_of == NINE


def test_given_settings_are_worked_with(tmp_path: Path) -> None:
    resource = bindings(home_settings(tmp_path))["exchange"]
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = "22222222-2222-2222-2222-222222222222"
        assert as_of_in_run(resource, instance, run_id, {"as_of": "2026-03-02T20:00:00Z"}) == TEN


def test_time_that_runs_backwards_comes_out_as_itself(tmp_path: Path) -> None:
    settings = home_settings(tmp_path)
    open_exchange(settings, "first", TEN).engine.dispose()
    with pytest.raises(ClockRanBackwardsError):
        open_exchange(settings, "second", NINE)


def test_outside_a_run_there_is_no_exchange(tmp_path: Path) -> None:
    context = dg.build_init_resource_context()
    with pytest.raises(ConfigurationError, match="within a run"):
        ExchangeResource(home=str(tmp_path)).create_resource(context)


def test_reporting_opens_no_sync(tmp_path: Path) -> None:
    resource = ReportingResource(home=str(tmp_path), as_of="2026-03-02T19:00:00Z")
    reporting = resource.create_resource(dg.build_init_resource_context())
    with reading(reporting.engine) as connection:
        assert (last_as_of(connection), reporting.as_of) == (None, NINE)
    reporting.engine.dispose()


@pytest.mark.parametrize("text", ["yesterday", "2026-03-02", ""])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="as_of"):
        instant(text)


def test_no_secret_is_part_of_a_run_s_configuration() -> None:
    assert set(ExchangeResource.model_fields) == {"as_of", "home"}
    assert set(ReportingResource.model_fields) == {"as_of", "home"}


@pytest.mark.parametrize("key", ["exchange", "reporting"])
def test_the_launchpad_takes_a_moment(key: str) -> None:
    job = build_definitions().resolve_job_def("sync" if key == "exchange" else "report")
    config = {"resources": {key: {"config": {"as_of": "2026-03-02T19:00:00Z"}}}}
    assert dg.validate_run_config(job, config)


def test_a_report_before_the_first_sync_is_written_all_the_same(tmp_path: Path) -> None:
    job = build_definitions(settings=home_settings(tmp_path)).resolve_job_def("report")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(instance=instance).success
    assert (tmp_path / "reports" / "tracking.html").is_file()
