"""Whole syncs as recorded runs, over small exports: what they do, what they record, and what stops what."""

import json
import threading
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from pipelines import running
from pipelines.definitions import build_definitions
from pipelines.instance import open_instance
from pipelines.running import SyncOutcome, run_sync
from punchout.ledger.engine import reading
from punchout.ledger.runs import ClockRanBackwardsError
from punchout.ledger.sending.switches import set_gate
from punchout.ledger.tables.control import OUTBOX, REQUEST_WORK
from punchout.ledger.tables.logs import RUN
from resources.errors import ConfigurationError
from resources.settings import Settings
from tests.support.bc_exports import as_json, without
from tests.support.exchange_home import (
    KEY_VARIABLE,
    at,
    drop,
    home_settings,
    opened,
    purchase_order,
    request,
    supplier,
    switch_on,
)

pytestmark = [pytest.mark.gx]

NINE, TEN, ELEVEN = (at(f"2026-03-02T{hour}:00:00Z") for hour in ("19", "20", "21"))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(KEY_VARIABLE, "hush")
    return home_settings(tmp_path / "home")


def drop_pair(
    settings: Settings, name: str = "1", number: str = "0001", exported: str = "2026-03-02T17:00:00Z"
) -> None:
    drop(settings, "bc_requests", f"r{name}.json", as_json(request(f"PR{number}"), exportedAt=exported))
    drop(settings, "bc_orders", f"o{name}.json", as_json(purchase_order(f"PO{number}"), exportedAt=exported))


def recorded(settings: Settings, outcome: SyncOutcome) -> dg.DagsterRun:
    with open_instance(settings) as instance:
        run = instance.get_run_by_id(outcome.run_id)
        assert run is not None
        return run


def outbox(settings: Settings) -> list[str]:
    with opened(settings, NINE) as exchange, reading(exchange.engine) as connection:
        return list(connection.execute(sa.select(OUTBOX.c.state)).scalars())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, SyncOutcome]:
    """A first sync, over a ready request, its purchase order and a document that cannot be read."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(KEY_VARIABLE, "hush")
        settings = home_settings(tmp_path_factory.mktemp("first") / "home")
        drop_pair(settings)
        drop(settings, "cxml", "broken.xml", b"<cXML")
        return settings, run_sync(settings, NINE)


def test_a_ready_request_becomes_an_order_that_waits_for_the_switch(first: tuple[Settings, SyncOutcome]) -> None:
    settings, outcome = first
    assert (outcome.success, outcome.failure, outcome.failed_checks) == (True, None, ())
    assert (outcome.counts["orders_queued"], outcome.counts["orders_sent"]) == (1, 0)
    assert outcome.counts["held_back"] == {"sending is not enabled in the settings": 1}
    assert outbox(settings) == ["pending"]


def test_a_sync_is_a_recorded_run_under_the_name_that_the_ledger_knows(first: tuple[Settings, SyncOutcome]) -> None:
    settings, outcome = first
    run = recorded(settings, outcome)
    assert (run.job_name, run.status) == ("sync", dg.DagsterRunStatus.SUCCESS)
    assert run.tags[running.AS_OF_TAG] == "2026-03-02T19:00:00+00:00"
    with opened(settings, NINE) as exchange, reading(exchange.engine) as connection:
        (row,) = connection.execute(sa.select(RUN)).all()
    assert (row.name, row.as_of) == (outcome.run_id, NINE)
    assert row.ended_at is not None
    assert json.loads(row.counts) == outcome.counts


def test_counts_can_be_written_as_json(first: tuple[Settings, SyncOutcome]) -> None:
    counts = first[1].counts
    assert json.loads(json.dumps(counts)) == counts
    assert counts["quarantined"] == {"XML_REJECTED": 1}
    assert (counts["documents_new"], counts["duplicates"], counts["exports"]) == (3, 0, 2)


def test_the_report_is_written_when_the_sync_has_ended(first: tuple[Settings, SyncOutcome]) -> None:
    settings, outcome = first
    assert outcome.report is not None
    assert outcome.report.parent == settings.report.out_dir
    assert outcome.report.is_file()


def test_an_order_leaves_and_business_central_is_told(settings: Settings, tmp_path: Path) -> None:
    drop_pair(settings)
    with supplier() as (url, received), opened(settings, NINE) as exchange:
        switch_on(exchange)
        sending = home_settings(tmp_path / "home", orders={"send_enabled": True}, supplier={"order_url": url})
        outcome = run_sync(sending, NINE)
    assert outcome.counts["orders_sent"] == 1
    assert outcome.counts["bc_updates"] == 1
    assert len(received) == 1
    assert [path.name for path in sending.business_central.updates_dir.glob("*.manifest.json")] != []


def test_a_repeated_delivery_is_all_duplicates(settings: Settings) -> None:
    drop_pair(settings, "1")
    run_sync(settings, NINE)
    drop_pair(settings, "2")
    counts = run_sync(settings, NINE).counts
    assert (counts["documents_new"], counts["duplicates"], counts["orders_queued"]) == (0, 2, 0)


def test_a_missing_column_shuts_the_gate_and_nothing_is_ordered(settings: Settings) -> None:
    drop_pair(settings)
    broken = as_json(without(request("PR0002"), "buyerCookie"), exportedAt="2026-03-02T18:00:00Z")
    drop(settings, "bc_requests", "z.json", broken)
    outcome = run_sync(settings, NINE)
    assert outcome.success
    assert outcome.failed_checks == ("request_columns_are_complete", "request_export_can_be_read")
    assert (outcome.counts["order_candidates"], outcome.counts["orders_queued"]) == (1, 0)
    assert outcome.counts["quarantined"] == {"EXPORT_INVALID": 1}
    assert outbox(settings) == []


def test_a_sound_export_opens_the_gate_again(settings: Settings) -> None:
    drop_pair(settings)
    drop(settings, "bc_requests", "z.json", as_json(without(request(), "status"), exportedAt="2026-03-02T18:00:00Z"))
    run_sync(settings, NINE)
    drop(settings, "bc_requests", "z2.json", as_json(request(), exportedAt="2026-03-02T18:30:00Z"))
    outcome = run_sync(settings, TEN)
    assert outcome.counts["orders_queued"] == 1


def test_a_candidate_without_a_purchase_order_stops_ordering_and_not_the_report(settings: Settings) -> None:
    drop(settings, "bc_requests", "r.json", as_json(request("PR0007"), request("PR0008")))
    drop(settings, "bc_orders", "o.json", as_json(purchase_order("PO0008"), exportedAt="2026-03-02T17:00:00Z"))
    # Closed, so that the sound candidate is still one when the next sync begins.
    drop(settings, "bc_requests", "z.json", b"{}")
    run_sync(settings, NINE)
    with opened(settings, NINE) as exchange, exchange.engine.begin() as connection:
        set_gate(connection, exchange.account, "bc_requests", {}, NINE)
        connection.execute(sa.update(REQUEST_WORK).values(order_is_ready=True))
    outcome = run_sync(settings, NINE)
    assert not outcome.success
    assert outcome.failed_checks == ("candidates_agree_with_their_purchase_orders",)
    assert outcome.failure is not None
    assert "candidates_agree_with_their_purchase_orders" in outcome.failure
    assert "orders_queued" not in outcome.counts
    assert outbox(settings) == []
    assert recorded(settings, outcome).status == dg.DagsterRunStatus.FAILURE
    assert outcome.report is not None
    assert outcome.report.is_file()


def test_a_report_that_cannot_be_written_fails_the_outcome_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwritable(*_: object, **__: object) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr("assets.reports.write_tracking_report", unwritable)
    outcome = run_sync(settings, NINE)
    assert (outcome.success, outcome.report) == (False, None)
    assert outcome.failure == "tracking_report: OSError: no space left"
    assert recorded(settings, outcome).status == dg.DagsterRunStatus.SUCCESS


def test_time_that_runs_backwards_is_refused_before_a_run_is_recorded(settings: Settings) -> None:
    run_sync(settings, TEN)
    with pytest.raises(ClockRanBackwardsError, match="lies before the last sync"):
        run_sync(settings, NINE)
    with open_instance(settings) as instance:
        assert instance.get_runs_count(dg.RunsFilter(job_name="sync")) == 1


def test_without_saying_who_sends_orders_nothing_is_recorded(tmp_path: Path) -> None:
    settings = home_settings(tmp_path / "home", orders={"sent_by": None})
    with pytest.raises(ConfigurationError, match=r"orders\.sent_by"):
        run_sync(settings, NINE)
    assert not (settings.dagster.home / "history").exists()


def held_open() -> tuple[int, int]:
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def test_many_syncs_in_one_process_leave_nothing_open(settings: Settings) -> None:
    run_sync(settings, NINE)
    before = held_open()
    for _ in range(2):
        run_sync(settings, TEN)
    assert held_open() == before


def test_a_sync_says_nothing_on_stdout(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    drop(settings, "bc_requests", "r.json", b"{}")
    run_sync(settings, NINE)
    assert capfd.readouterr().out == ""


def test_the_parts_of_a_sync_one_after_the_other_do_what_a_sync_does(settings: Settings) -> None:
    drop_pair(settings)
    definitions = build_definitions(settings=settings)
    with open_instance(settings) as instance:
        for part in ("ingest_documents", "import_business_central", "reconcile", "send_orders"):
            job = definitions.resolve_job_def(part)
            config = {"resources": {"exchange": {"config": {"as_of": "2026-03-02T19:00:00Z"}}}}
            assert job.execute_in_process(instance=instance, run_config=config).success
    assert outbox(settings) == ["pending"]
