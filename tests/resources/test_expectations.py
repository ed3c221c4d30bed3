"""Rules evaluated by the real Great Expectations: outcomes in order, counts only, and nothing left behind."""

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punchout.model.codes import Code
from resources.business_central.columns import CONTENTS
from resources.business_central.frames import received_frame
from resources.expectations import Expectations, Outcome
from resources.quality_rules import Rule, export_rules
from tests.support.bc_exports import REQUEST, as_json, numbered, without

if TYPE_CHECKING:
    import pandas as pd

pytestmark = [pytest.mark.gx, pytest.mark.timeout(120)]


def validated(data: bytes, previous_rows: int | None = None) -> dict[str, Outcome]:
    rules = export_rules("bc_requests", previous_rows=previous_rows)
    outcomes = Expectations().validate("bc_requests", rules, received_frame("bc_requests", data))
    return {outcome.rule.name: outcome for outcome in outcomes}


def test_a_sound_export_passes_every_rule() -> None:
    outcomes = validated(as_json(numbered("PR1"), numbered("PR2")), previous_rows=2).values()
    assert [(outcome.success, outcome.error) for outcome in outcomes] == [(True, None)] * 3


def test_outcomes_come_in_the_order_of_the_rules() -> None:
    rules = export_rules("bc_requests", previous_rows=9)[::-1]
    outcomes = Expectations().validate("bc_requests", rules, received_frame("bc_requests", as_json(REQUEST)))
    assert [outcome.rule for outcome in outcomes] == list(rules)


def test_a_missing_column_is_named() -> None:
    outcome = validated(as_json(without(REQUEST, "buyerCookie")))["request_columns_are_complete"]
    assert (outcome.success, outcome.error, outcome.rule.code) == (False, "missing: buyerCookie", Code.EXPORT_INVALID)


def test_a_number_that_is_there_twice_is_counted() -> None:
    outcome = validated(as_json(REQUEST, REQUEST, numbered("PR2")))["request_numbers_are_unique"]
    assert (outcome.success, outcome.unexpected_count) == (False, 2)


def test_an_export_that_collapsed_is_told_with_its_row_count() -> None:
    outcome = validated(as_json(REQUEST), previous_rows=2)["request_count_has_not_collapsed"]
    assert (outcome.success, outcome.observed) == (True, 1)
    outcome = validated(as_json(REQUEST), previous_rows=5)["request_count_has_not_collapsed"]
    assert (outcome.success, outcome.observed, outcome.rule.code) == (False, 1, Code.SNAPSHOT_REGRESSION)


def test_an_export_without_rows_fails_only_where_rows_were_expected() -> None:
    assert all(outcome.success for outcome in validated(as_json()).values())
    assert not validated(as_json(), previous_rows=10)["request_count_has_not_collapsed"].success


def test_a_rule_that_cannot_be_evaluated_fails_with_its_reason() -> None:
    outcome = validated(b"<html>")["request_numbers_are_unique"]
    assert not outcome.success
    assert outcome.error is not None
    assert "number" in outcome.error


def test_a_rule_that_great_expectations_drops_fails(frame: "pd.DataFrame") -> None:
    rule = Rule(name="r", description="", expectation="expect_the_moon", code=Code.EXPORT_INVALID)
    (outcome,) = Expectations().validate("s", [rule], frame)
    assert (outcome.success, outcome.error) == (False, "gave no result")


def test_a_rule_with_wrong_arguments_is_refused(frame: "pd.DataFrame") -> None:
    rule = Rule(
        name="r",
        description="",
        expectation="expect_column_values_to_be_unique",
        arguments={"colum": "number"},
        code=Code.EXPORT_INVALID,
    )
    with pytest.raises(ValueError, match="colum"):
        Expectations().validate("s", [rule], frame)


def test_two_rules_of_one_name_are_refused(frame: "pd.DataFrame") -> None:
    rule = export_rules("bc_requests")[0]
    with pytest.raises(ValueError, match="same name"):
        Expectations().validate("s", [rule, rule], frame)


@pytest.fixture
def frame() -> "pd.DataFrame":
    return received_frame("bc_requests", as_json(REQUEST))


def test_no_value_of_a_cell_comes_out() -> None:
    outcomes = validated(as_json(numbered("<img src=x>"), numbered("<img src=x>")), previous_rows=9)
    told = [(one.unexpected_count, one.observed, one.error) for one in outcomes.values()]
    assert "img" not in repr(told)


def test_nothing_is_written_or_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    validated(b"<html>")
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert [record.name for record in caplog.records if record.name.startswith("great_expectations")] == []
    assert logging.getLogger("great_expectations").propagate


def test_the_rules_hold_over_a_hundred_thousand_rows() -> None:
    import pandas as pd

    names = [column.name for column in CONTENTS["bc_requests"].header]
    frame = pd.DataFrame({name: [f"{name}{row}" for row in range(100_000)] for name in names})
    outcomes = Expectations().validate("bc_requests", export_rules("bc_requests", previous_rows=100_000), frame)
    assert all(outcome.success for outcome in outcomes)
