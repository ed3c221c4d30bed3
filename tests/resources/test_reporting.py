"""What a report speaks of, and that reporting moves no clock."""

from pathlib import Path

from punchout.ledger.engine import reading
from punchout.ledger.runs import last_as_of
from resources.reporting import open_reporting
from tests.support.exchange_home import at, home_settings

NOON = at("2026-03-02T20:00:00Z")


def test_a_report_is_told_where_it_goes_and_in_which_zone_it_speaks(tmp_path: Path) -> None:
    settings = home_settings(tmp_path, company={"zone": "America/Los_Angeles"})
    reporting = open_reporting(settings, NOON)
    reporting.engine.dispose()
    assert (reporting.as_of, reporting.out_dir) == (NOON, settings.report.out_dir)
    assert reporting.zone.key == "America/Los_Angeles"


def test_a_report_is_no_sync(tmp_path: Path) -> None:
    reporting = open_reporting(home_settings(tmp_path), NOON)
    with reading(reporting.engine) as connection:
        assert last_as_of(connection) is None
    reporting.engine.dispose()
