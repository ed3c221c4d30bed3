"""The clock of the ledger: time never runs backwards, and a sync has one moment."""

import json

import pytest
import sqlalchemy as sa

from punchout.ledger import runs
from punchout.ledger.runs import ClockRanBackwardsError
from punchout.ledger.tables.logs import AUDIT, RUN
from tests.support.ledgers import each, rows


def opened(ledger: sa.Engine, name: str, as_of: int | None, wall: int = 1000) -> int:
    with ledger.begin() as connection:
        return runs.open_run(connection, name, as_of, wall)


def test_a_sync_happens_at_the_moment_it_is_given(ledger: sa.Engine) -> None:
    assert opened(ledger, "one", 500) == 500


def test_a_sync_without_a_moment_happens_now(ledger: sa.Engine) -> None:
    assert opened(ledger, "one", None, wall=1000) == 1000


@pytest.mark.parametrize("later", [500, 501])
def test_a_sync_may_be_at_the_last_one_s_moment_or_after_it(ledger: sa.Engine, later: int) -> None:
    opened(ledger, "one", 500)
    assert opened(ledger, "two", later) == later


def test_time_never_runs_backwards(ledger: sa.Engine) -> None:
    opened(ledger, "one", 500)
    with pytest.raises(ClockRanBackwardsError, match=r"1970-01-01T00:00:00\.000499"):
        opened(ledger, "two", 499)
    assert [row["name"] for row in rows(ledger, RUN)] == ["one"]


def test_a_wall_clock_that_lags_behind_the_last_sync_is_not_followed(ledger: sa.Engine) -> None:
    opened(ledger, "one", 5000)
    assert opened(ledger, "two", None, wall=1000) == 5000


@pytest.mark.parametrize("asked", [None, 500, 400, 900])
def test_a_sync_keeps_its_moment_in_every_process_that_works_on_it(ledger: sa.Engine, asked: int | None) -> None:
    opened(ledger, "one", 500)
    assert opened(ledger, "one", asked) == 500
    assert len(rows(ledger, RUN)) == 1


def test_the_last_moment_is_the_latest_of_all_syncs(ledger: sa.Engine) -> None:
    with ledger.connect() as connection:
        assert runs.last_as_of(connection) is None
    opened(ledger, "one", 500)
    opened(ledger, "two", 700)
    with ledger.connect() as connection:
        assert runs.last_as_of(connection) == 700


def test_a_sync_is_closed_with_its_counts(ledger: sa.Engine) -> None:
    opened(ledger, "one", 500)
    each(ledger, lambda connection: runs.close_run(connection, "one", {"orders": 3, "documents": 4}, 2000))
    (row,) = rows(ledger, RUN)
    assert (row["ended_at"], json.loads(str(row["counts"]))) == (2000, {"documents": 4, "orders": 3})


def test_what_people_do_is_logged_in_the_order_they_did_it(ledger: sa.Engine) -> None:
    each(
        ledger, lambda c: runs.audit(c, 1, "ann", "hold", "106001"), lambda c: runs.audit(c, 1, "bob", "send", "x", "y")
    )
    assert [(row["who"], row["command"], row["subject"], row["detail"]) for row in rows(ledger, AUDIT)] == [
        ("ann", "hold", "106001", None),
        ("bob", "send", "x", "y"),
    ]
