"""The gate of the imports: which export decides, what shuts it, and what an import without anything new costs."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punchout.ledger.engine import reading
from punchout.ledger.sending.switches import accept_snapshot, set_gate, shut_gates
from resources.exchange import Exchange
from resources.expectations import Expectations, Outcome
from resources.import_checks import ImportVerdict, check_names, check_waiting_export
from resources.quality_rules import Rule
from tests.support.bc_exports import as_csv, as_json, without
from tests.support.exchange_home import at, drop, home_settings, opened, purchase_order, request

if TYPE_CHECKING:
    import pandas as pd

NOON = at("2026-03-02T20:00:00Z")
EARLY, LATE = "2026-03-02T17:00:00Z", "2026-03-02T18:00:00Z"


class Columns(Expectations):
    """Stands in for Great Expectations: every rule holds where the frame has its columns, and enough rows."""

    def validate(self, suite: str, rules: Sequence[Rule], frame: "pd.DataFrame") -> list[Outcome]:  # noqa: ARG002
        return [Outcome(rule=rule, success=_holds(rule, frame), observed=len(frame)) for rule in rules]


class Nothing(Expectations):
    """Must not be asked."""

    def validate(self, suite: str, rules: Sequence[Rule], frame: "pd.DataFrame") -> list[Outcome]:
        raise AssertionError((suite, rules, frame))


def _holds(rule: Rule, frame: "pd.DataFrame") -> bool:
    wanted = rule.arguments.get("column_set", [])
    least = rule.arguments.get("min_value", 0)
    assert isinstance(wanted, list)
    assert isinstance(least, int)
    return set(wanted) <= set(frame.columns) and len(frame) >= least


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with opened(home_settings(tmp_path / "home"), NOON) as exchange:
        yield exchange


def received(exchange: Exchange, *exports: bytes, feed: str = "bc_requests") -> None:
    for number, data in enumerate(exports):
        drop(exchange.settings, feed, f"{number}.json", data)
    exchange.receive()


def checked(exchange: Exchange, expectations: Expectations | None = None) -> ImportVerdict:
    return check_waiting_export(exchange, expectations or Columns(), "bc_requests")


def failed(verdict: ImportVerdict) -> list[str]:
    return [finding.name for finding in verdict.findings if not finding.passed]


def shut(exchange: Exchange) -> dict[str, str]:
    with reading(exchange.engine) as connection:
        return shut_gates(connection, exchange.account)


def test_a_sound_export_passes_every_check(exchange: Exchange) -> None:
    received(exchange, as_json(request()))
    verdict = checked(exchange)
    assert [finding.name for finding in verdict.findings] == list(check_names("bc_requests"))
    assert (failed(verdict), verdict.waiting, verdict.shut, shut(exchange)) == ([], 1, {}, {})


def test_a_missing_column_shuts_the_gate(exchange: Exchange) -> None:
    received(exchange, as_json(without(request(), "status")))
    verdict = checked(exchange)
    assert failed(verdict) == ["request_export_can_be_read", "request_columns_are_complete"]
    assert list(verdict.shut) == ["bc_requests"]
    assert "value[0].status: missing" in shut(exchange)["bc_requests"]


def test_an_export_that_only_the_reader_refuses_shuts_the_gate(exchange: Exchange) -> None:
    line = {**request()["lines"][0], "quantity": "many"}
    received(exchange, as_json(request(lines=[line])))
    assert failed(checked(exchange)) == ["request_export_can_be_read"]
    assert shut(exchange)


def test_a_good_export_after_a_bad_one_leaves_the_gate_open(exchange: Exchange) -> None:
    bad, good = as_json(without(request(), "status"), exportedAt=EARLY), as_json(request(), exportedAt=LATE)
    received(exchange, bad, good)
    assert (failed(checked(exchange)), shut(exchange)) == ([], {})


def test_a_good_export_before_a_bad_one_leaves_the_gate_shut(exchange: Exchange) -> None:
    good, bad = as_json(request(), exportedAt=EARLY), as_json(without(request(), "status"), exportedAt=LATE)
    received(exchange, good, bad)
    assert failed(checked(exchange))
    assert shut(exchange)


def test_the_stated_time_decides_and_not_the_name_of_the_file(exchange: Exchange) -> None:
    good, bad = as_json(request(), exportedAt=LATE), as_json(without(request(), "status"), exportedAt=EARLY)
    received(exchange, good, bad)
    assert failed(checked(exchange)) == []
    assert shut(exchange) == {}


def test_an_export_that_states_no_time_counts_by_its_receipt(exchange: Exchange) -> None:
    received(exchange, as_json(request(), exportedAt=LATE), b"<html>")
    assert failed(checked(exchange))
    assert shut(exchange)


def test_without_a_new_export_everything_passes_and_the_gate_stays_shut(exchange: Exchange) -> None:
    with exchange.engine.begin() as connection:
        set_gate(connection, exchange.account, "bc_requests", {"check": "why"}, NOON)
    verdict = checked(exchange, Nothing())
    assert (failed(verdict), verdict.waiting, verdict.document_id) == ([], 0, None)
    assert shut(exchange) == {"bc_requests": "check: why"}


def test_an_export_that_was_imported_is_not_judged_again(exchange: Exchange) -> None:
    received(exchange, as_json(request()))
    exchange.import_exports("bc_requests")
    assert checked(exchange, Nothing()).waiting == 0


def test_a_full_export_that_collapsed_shuts_the_gate(exchange: Exchange) -> None:
    received(exchange, as_json(*(request(f"PR{number}") for number in range(5)), exportedAt=EARLY))
    exchange.import_exports("bc_requests")
    received(exchange, as_json(request("PR1"), exportedAt=LATE))
    assert failed(checked(exchange)) == ["request_count_has_not_collapsed"]
    assert shut(exchange) == {"bc_requests": "request_count_has_not_collapsed: observed 1"}


class TestCollapsed:
    """Once rows have vanished, the gate stays shut until they are back or a person accepts it."""

    HOURS = ("10:00", "11:00", "12:00", "13:00")

    @pytest.fixture
    def collapsed(self, exchange: Exchange) -> Exchange:
        self.arrives(exchange, 5, "08:00")
        self.arrives(exchange, 1, "09:00")
        assert shut(exchange) == {"bc_requests": "request_count_has_not_collapsed: observed 1"}
        return exchange

    def arrives(self, exchange: Exchange, rows: int, hour: str, scope: str = "full") -> ImportVerdict:
        """Receive, judge and import an export of that many rows."""
        stamp = f"2026-03-02T{hour}:00Z"
        received(exchange, as_json(*(request(f"PR{number}") for number in range(rows)), exportedAt=stamp, scope=scope))
        verdict = checked(exchange)
        exchange.import_exports("bc_requests")
        return verdict

    def test_the_same_small_export_again_does_not_open_it(self, collapsed: Exchange) -> None:
        for hour in self.HOURS:
            assert failed(self.arrives(collapsed, 1, hour)) == ["request_count_has_not_collapsed"]
        assert shut(collapsed)

    def test_a_delta_does_not_open_it_and_says_why(self, collapsed: Exchange) -> None:
        assert failed(self.arrives(collapsed, 2, "10:00", "delta")) == ["request_count_has_not_collapsed"]
        assert "much less than 5 rows" in shut(collapsed)["bc_requests"]

    def test_a_full_export_that_has_the_rows_again_opens_it(self, collapsed: Exchange) -> None:
        self.arrives(collapsed, 1, "10:00")
        assert failed(self.arrives(collapsed, 5, "11:00")) == []
        assert shut(collapsed) == {}

    def test_a_person_s_word_opens_it_and_the_next_export_is_compared_with_the_small_one(
        self, collapsed: Exchange
    ) -> None:
        with collapsed.engine.begin() as connection:
            assert accept_snapshot(connection, collapsed.account, "bc_requests", NOON)
        assert shut(collapsed) == {}
        assert failed(self.arrives(collapsed, 1, "10:00")) == []

    def test_a_small_full_export_is_seen_behind_a_later_delta(self, exchange: Exchange) -> None:
        self.arrives(exchange, 5, "08:00")
        small = as_json(request("PR1"), exportedAt="2026-03-02T09:00:00Z")
        delta = as_json(request("PR1"), exportedAt="2026-03-02T10:00:00Z", scope="delta")
        received(exchange, small, delta)
        assert failed(checked(exchange)) == ["request_count_has_not_collapsed"]
        assert shut(exchange)

    def test_an_open_gate_has_nothing_to_accept(self, exchange: Exchange) -> None:
        with exchange.engine.begin() as connection:
            assert not accept_snapshot(connection, exchange.account, "bc_requests", NOON)


def test_a_delta_export_may_be_small(exchange: Exchange) -> None:
    received(exchange, as_json(*(request(f"PR{number}") for number in range(5)), exportedAt=EARLY))
    exchange.import_exports("bc_requests")
    received(exchange, as_json(request("PR1"), exportedAt=LATE, scope="delta"))
    assert failed(checked(exchange)) == []


def test_an_export_as_csv_is_judged_with_the_files_it_names(exchange: Exchange) -> None:
    manifest, parts = as_csv(request())
    for name, data in zip(("x.csv", "x-lines.csv"), parts.values(), strict=True):
        drop(exchange.settings, "bc_requests", name, data)
    drop(exchange.settings, "bc_requests", "x.manifest.json", manifest)
    exchange.receive()
    verdict = checked(exchange)
    assert (verdict.waiting, failed(verdict)) == (1, [])


def test_each_content_has_its_own_gate(exchange: Exchange) -> None:
    received(exchange, b"{}", feed="bc_orders")
    check_waiting_export(exchange, Columns(), "bc_orders")
    received(exchange, as_json(request()))
    checked(exchange)
    assert list(shut(exchange)) == ["bc_orders"]


def test_checks_of_the_two_contents_have_different_names() -> None:
    assert not set(check_names("bc_requests")) & set(check_names("bc_orders"))


@pytest.mark.gx
def test_great_expectations_agrees_with_its_stand_in(exchange: Exchange) -> None:
    received(exchange, as_json(without(purchase_order(), "status")), feed="bc_orders")
    verdict = check_waiting_export(exchange, Expectations(), "bc_orders")
    assert failed(verdict) == ["purchase_order_export_can_be_read", "purchase_order_columns_are_complete"]
