"""The benchmarks do what they measure, and find out where it was not done. How fast anything is, is not tested."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import end_to_end, growth, idle, postgres, workers
from benchmarks.canary import Canary
from benchmarks.history import deviations, told
from benchmarks.measuring import SkippedWorkError
from benchmarks.usual_way import UsualWay
from resources.exchange import Exchange


@pytest.mark.slow
def test_a_block_of_purchases_that_was_copied_has_the_rows_that_the_product_writes(tmp_path: Path) -> None:
    assert deviations(tmp_path, told(tmp_path, 0)) == []


@pytest.mark.slow
def test_both_ways_come_from_a_folder_of_documents_to_the_same_quantities() -> None:
    figures = end_to_end.compare(rounds=2, documents=8, history=0)
    assert has_ratios(figures, "bare_ratio", "usual_way_ratio")
    assert set(figures["seconds_by_step"]) >= {"receive", "parse", "resolve", "reconcile", "update"}


@pytest.mark.slow
def test_a_usual_way_that_adds_nothing_up_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UsualWay, "_merge", lambda _way, _frames: None)
    with pytest.raises(SkippedWorkError, match="the usual way's quantities"):
        end_to_end.compare(rounds=1, documents=4, history=0)


@pytest.mark.slow
def test_an_exchange_that_reconciles_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exchange, "reconcile", lambda _: None)
    with pytest.raises(SkippedWorkError, match="our "):
        end_to_end.compare(rounds=1, documents=4, history=0)


@pytest.mark.postgres
def test_a_sync_comes_to_the_same_on_both_databases() -> None:
    assert has_ratios(postgres.compare(rounds=1, documents=8), "sqlite_ratio")


@pytest.mark.postgres
def test_two_workers_come_to_the_same_as_one() -> None:
    assert has_ratios(workers.compare(rounds=1, documents=8), "two_ratio", "busier_cpu_ratio")


@pytest.mark.slow
def test_a_ledger_that_has_grown_concludes_the_same_of_the_next_batch() -> None:
    assert has_ratios(growth.compare(rounds=1, lines=100, batch=2), "cost_ratio", "memory_ratio")


@pytest.mark.nightly
def test_a_sync_with_nothing_new_changes_nothing() -> None:
    figures = idle.compare(rounds=1, lines=2_000)
    assert has_ratios(figures, "history_ratio")
    assert figures["seconds"] > 0


@pytest.mark.parametrize(
    ("disturbances", "counted"),
    [((1.0, 1.6, 1.1), [0, 2]), ((1.6, 1.0, 1.5), [1, 2]), ((2.0, 1.5, 3.0), [1, 0]), ((1.5,), [0])],
)
def test_rounds_that_others_disturbed_count_only_where_fewer_than_half_were_calm(
    disturbances: Sequence[float], counted: list[int]
) -> None:
    canary = Canary[int](rounds=[(disturbance, number) for number, disturbance in enumerate(disturbances)])
    assert canary.counted() == counted
    assert canary.figures()["disturbed_rounds"] == sum(one > 1.2 for one in disturbances)


def has_ratios(figures: dict[str, Any], *names: str) -> bool:
    """Whether these ratios were measured."""
    return all(figures[name] > 0 for name in names)
