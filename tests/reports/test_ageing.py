"""How long requests have stood: working days, buckets, and what has no age."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.reports.ageing import AGES, age_of, ageing, bucket_of, working_days
from tests.reports.pages import found, page, table_of, texts
from tests.reports.statuses import Json, line, report, request
from tests.support.effort import examples

NOW = "2026-03-06T17:00:00+00:00"
FRIDAY = date(2026, 3, 6)


def since(*moments: str, stage: str = "PO Sent", number: str = "PR1") -> Json:
    return request(number, stage, [line(10000, 1)], events=[(moment, "Something") for moment in moments])


@pytest.mark.parametrize(
    ("start", "days"),
    [("2026-03-06", 0), ("2026-03-05", 1), ("2026-03-01", 5), ("2026-02-28", 5), ("2026-02-27", 5), ("2026-02-26", 6)],
)
def test_weekends_are_no_working_days(start: str, days: int) -> None:
    assert working_days(date.fromisoformat(start), FRIDAY) == days


@examples(200, nightly=2000)
@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), length=st.integers(-3, 400))
def test_working_days_are_the_days_of_the_week_counted_one_by_one(start: date, length: int) -> None:
    days = [start + timedelta(days=place) for place in range(1, length + 1)]
    assert working_days(start, start + timedelta(days=length)) == sum(day.weekday() < 5 for day in days)


def test_the_age_counts_from_the_last_thing_that_happened() -> None:
    assert age_of(since("2026-03-02T15:04", "2026-03-04T09:00"), NOW, UTC) == 2


def test_days_are_those_of_the_company() -> None:
    request_ = since("2026-03-06T02:00")
    assert age_of(request_, NOW, UTC) == 0
    assert age_of(request_, NOW, ZoneInfo("America/Los_Angeles")) == 1


@pytest.mark.parametrize("stage", ["Invoiced", "Closed", "Cancelled"])
def test_what_wants_nothing_has_no_age(stage: str) -> None:
    assert age_of(since("2026-01-02T15:04", stage=stage), NOW, UTC) is None


def test_a_request_to_which_nothing_happened_has_no_age() -> None:
    assert age_of(since(), NOW, UTC) is None
    assert age_of(since("2026-03-02T15:04"), None, UTC) is None


def test_every_age_lies_in_one_bucket() -> None:
    assert [bucket_of(age) for age in (0, 2, 3, 5, 6, 10, 11, 20, 21, 900)] == [
        "2", "2", "5", "5", "10", "10", "20", "20", "more", "more"
    ]  # fmt: skip
    assert set(AGES) == {"2", "5", "10", "20", "more"}


def test_the_median_and_the_ninth_decile_are_ages_that_occur() -> None:
    days = ["03-06", "03-05", "03-05", "03-04", "03-04", "03-03", "03-03", "03-02", "03-02", "01-02"]
    (row,) = ageing([since(f"2026-{day}T12:00", number=f"PR{place}") for place, day in enumerate(days)], NOW, UTC)
    assert (row.median, row.p90) == (2, 4)
    assert row.counts == {"2": 5, "5": 4, "10": 0, "20": 0, "more": 1}


def test_stages_stand_in_the_order_in_which_a_request_passes_them() -> None:
    requests = [since("2026-03-02T15:04", stage=stage) for stage in ("Shipped", "PO Sent", "Pending Approval")]
    assert [row.stage for row in ageing(requests, NOW, UTC)] == ["Pending Approval", "PO Sent", "Shipped"]


def test_the_page_shows_each_stage_with_its_ages_and_leads_to_the_requests() -> None:
    shown = page(report([since("2026-03-02T15:04"), since("2026-01-02T15:04", number="PR2")]))
    assert texts(shown, "//table[@id='ageing']/tbody/tr/*") == ["PO Sent", "0", "1", "0", "0", "1", "4 d", "45 d"]
    links = [link.get("href") for link in found(shown, "//table[@id='ageing']//a")]
    assert links == ["#stage=PO%20Sent&age=5", "#stage=PO%20Sent&age=more"]
    assert [row["age"] for row in table_of(shown, "requests")] == ["5", "more"]


def test_a_page_on_which_nothing_is_under_way_has_no_ageing() -> None:
    assert not found(page(report([since("2026-03-02T15:04", stage="Closed")])), "//table[@id='ageing']")
