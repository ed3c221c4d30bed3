"""The definitions as Dagster sees them: what is there, what it depends on, and what loading them costs."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from tests.support.exchange_home import home_settings

ROOT = Path(__file__).parents[2]
FACTS = {"parsed_documents", "punchout_requests", "purchase_orders"}
PROJECTIONS = {"line_positions", "line_matches", "request_stages", "exceptions"}
# Name, group, what it needs, kinds, owners.
GRAPH = {
    "received_documents": ("inbound", set(), {"folder", "sql"}, {"integration"}),
    "parsed_documents": ("inbound", {"received_documents"}, {"xml", "sql"}, {"integration"}),
    "punchout_requests": ("business_central", {"received_documents"}, {"json", "csv", "sql"}, {"purchasing"}),
    "purchase_orders": ("business_central", {"received_documents"}, {"json", "csv", "sql"}, {"purchasing"}),
    "line_positions": ("reconciliation", FACTS, {"sql"}, {"purchasing", "accounts-payable"}),
    "line_matches": ("reconciliation", {*FACTS, "line_positions"}, {"sql"}, {"purchasing", "accounts-payable"}),
    "request_stages": ("reconciliation", {*FACTS, "line_positions"}, {"sql"}, {"purchasing", "accounts-payable"}),
    "exceptions": (
        "reconciliation",
        {*FACTS, "line_positions", "request_stages"},
        {"sql"},
        {"purchasing", "accounts-payable"},
    ),
    "order_candidates": ("outbound", PROJECTIONS, {"sql"}, {"purchasing"}),
    "order_requests": ("outbound", {"order_candidates"}, {"xml", "sql"}, {"purchasing"}),
    "order_responses": ("outbound", {"order_requests"}, {"https", "sql"}, {"purchasing"}),
    "bc_updates": ("outbound", {"order_responses"}, {"json", "sql"}, {"purchasing"}),
    "tracking_report": ("reports", {*PROJECTIONS, "bc_updates"}, {"html"}, {"purchasing", "accounts-payable"}),
}
JOBS = {
    "ingest_documents": {"received_documents", "parsed_documents"},
    "import_business_central": {"punchout_requests", "purchase_orders"},
    "reconcile": PROJECTIONS,
    "send_orders": {"order_candidates", "order_requests", "order_responses", "bc_updates"},
    "sync": GRAPH.keys() - {"tracking_report"},
    "report": {"tracking_report"},
}
BLOCKING = "candidates_agree_with_their_purchase_orders"


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def checks(definitions: dg.Definitions) -> dict[str, dg.AssetCheckSpec]:
    graph = definitions.resolve_asset_graph()
    return {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys}


def test_the_definitions_hold_together(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_graph_of_assets_is_the_one_that_was_meant(definitions: dg.Definitions) -> None:
    found = {
        name: (
            spec.group_name,
            {dep.asset_key.to_user_string() for dep in spec.deps},
            spec.kinds,
            {owner.removeprefix("team:") for owner in spec.owners},
        )
        for name, spec in specs(definitions).items()
    }
    assert found == GRAPH


@pytest.mark.parametrize("asset", GRAPH)
def test_an_asset_says_what_it_is(definitions: dg.Definitions, asset: str) -> None:
    assert specs(definitions)[asset].description


def test_one_check_blocks_and_it_stands_in_front_of_the_orders(definitions: dg.Definitions) -> None:
    blocking = {name: spec for name, spec in checks(definitions).items() if spec.blocking}
    assert {name: spec.asset_key.to_user_string() for name, spec in blocking.items()} == {BLOCKING: "order_candidates"}


def test_imports_are_checked_without_blocking(definitions: dg.Definitions) -> None:
    by_asset: dict[str, int] = {}
    for spec in checks(definitions).values():
        by_asset[spec.asset_key.to_user_string()] = by_asset.get(spec.asset_key.to_user_string(), 0) + 1
    assert by_asset == {"punchout_requests": 4, "purchase_orders": 4, "order_candidates": 1}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_selects_its_assets_and_their_checks(definitions: dg.Definitions, job: str) -> None:
    layer = definitions.resolve_job_def(job).asset_layer
    assert {key.to_user_string() for key in layer.selected_asset_keys} == JOBS[job]
    checked = {key.asset_key.to_user_string() for key in layer.asset_graph.asset_check_keys}
    assert checked == JOBS[job] & {"punchout_requests", "purchase_orders", "order_candidates"}


def test_what_is_started_from_the_graph_runs_its_steps_in_one_process(definitions: dg.Definitions) -> None:
    assert definitions.resolve_implicit_global_asset_job_def().executor_def is dg.in_process_executor


@pytest.mark.parametrize("job", JOBS)
def test_every_job_runs_its_steps_in_one_process(definitions: dg.Definitions, job: str) -> None:
    assert definitions.resolve_job_def(job).executor_def is dg.in_process_executor


def test_the_schedule_starts_a_sync_every_hour_once_it_is_turned_on(definitions: dg.Definitions) -> None:
    (schedule,) = definitions.schedules or ()
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.job_name, schedule.cron_schedule) == ("sync", "0 * * * *")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


def test_no_sensor_runs_before_it_is_turned_on(definitions: dg.Definitions) -> None:
    sensors = definitions.sensors or ()
    assert {sensor.name for sensor in sensors} == {
        "alerts",
        "feed_bc_orders",
        "feed_bc_requests",
        "feed_cxml",
        "ledger",
        "log_run_failure",
        "ready_requests",
        "report_after_failed_sync",
        "report_after_sync",
    }
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.STOPPED}


def test_definitions_for_given_settings_hold_together(tmp_path: Path) -> None:
    dg.Definitions.validate_loadable(build_definitions(settings=home_settings(tmp_path)))


def test_a_resource_can_be_replaced() -> None:
    definitions = build_definitions(resource_overrides={"exchange": "stand-in"})
    assert dict(definitions.resources or {})["exchange"] == "stand-in"


def sensors_of(tmp_path: Path, settings_text: str) -> list[str]:
    """Names the sensors as a process loads them whose settings file says this; Dagster has accepted the names."""
    (tmp_path / "punchout.toml").write_text(settings_text, encoding="utf-8")
    code = "from pipelines.definitions import definitions; print(*(one.name for one in definitions().sensors))"
    result = loaded_by(code, tmp_path, "-c")
    assert result.returncode == 0, result.stderr
    return [name for name in result.stdout.split() if name.startswith("feed_")]


def test_every_feed_of_the_settings_has_a_sensor(tmp_path: Path) -> None:
    more = '[feeds.amazon_eu]\npath = "eu"\ncontent = "cxml"\n'
    assert sensors_of(tmp_path, more) == ["feed_amazon_eu", "feed_bc_orders", "feed_bc_requests", "feed_cxml"]


@pytest.mark.parametrize("broken", ["no settings at all", "[orders]\nsent_by = 'nobody'\n"])
def test_settings_that_cannot_be_used_leave_the_sensors_of_the_feeds_there_always_are(
    tmp_path: Path, broken: str
) -> None:
    assert sensors_of(tmp_path, broken) == ["feed_bc_orders", "feed_bc_requests", "feed_cxml"]


def loaded_by(code: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DAGSTER_")},
        "PYTHONPATH": str(ROOT),
        "PUNCHOUT_HOME": str(tmp_path / "never-made"),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    return subprocess.run(
        [sys.executable, *arguments, *([code] if code else [])],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_loading_loads_no_heavy_library_and_makes_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pipelines.definitions import definitions; definitions();"
        "print([name for name in ('great_expectations', 'pandas', 'paramiko') if name in sys.modules])"
    )
    result = loaded_by(code, tmp_path, "-c")
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr
    assert not (tmp_path / "never-made").exists()


@pytest.mark.slow
def test_dagster_validates_them_where_nothing_was_set_up(tmp_path: Path) -> None:
    workspace = ("-w", str(ROOT / "workspace.yaml"))
    result = loaded_by("", tmp_path, "-m", "dagster", "definitions", "validate", *workspace)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not (tmp_path / "never-made").exists()
