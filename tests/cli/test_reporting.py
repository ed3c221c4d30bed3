"""`punchout report` and `punchout verify`."""

from pathlib import Path

import pytest

from tests.cli.homes import Home, Telling
from tests.support.purchases import Purchase


@pytest.fixture
def bought(home_after: Telling) -> Home:
    """A home in which a purchase was made in Business Central."""
    return home_after(exported)


def exported(home: Home) -> None:
    home.play.sync(*Purchase().exported())


def test_a_report_is_written_where_it_is_asked_for(bought: Home, tmp_path: Path) -> None:
    result = bought.run("report", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    written = Path(result.stdout.strip())
    assert written.parent == tmp_path / "out"
    assert "PR0001" in written.read_text(encoding="utf-8")


def test_beside_the_page_lie_a_workbook_and_csv_files(bought: Home, tmp_path: Path) -> None:
    bought.run("report", "--out", str(tmp_path / "out"))
    beside = {path.name for path in (tmp_path / "out").iterdir()}
    assert beside > {"tracking.xlsx", "tracking-lines.csv", "tracking-match.csv", "tracking-worklist.csv"}
    assert "PR0001" in (tmp_path / "out" / "tracking-lines.csv").read_text(encoding="utf-8-sig")


def test_a_report_goes_where_the_settings_say(bought: Home) -> None:
    assert Path(bought.run("report").stdout.strip()).parent == bought.path / "reports"


def test_a_folder_that_cannot_be_written_to_is_unavailable(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert home.run("report", "--out", str(tmp_path / "file" / "out")).exit_code == 7


def test_a_sound_ledger_keeps_its_promises(bought: Home) -> None:
    found = bought.json("verify")
    assert found["ok"] is True
    assert found["ledger_hash"] == bought.play.hash()


def test_a_broken_promise_is_named_and_ends_with_eight(bought: Home) -> None:
    with bought.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE line_position SET ordered = ordered + 1000000")
    result = bought.run("verify")
    assert result.exit_code == 8
    assert "Broken: I3" in result.stderr
    assert "BROKEN" in result.stdout


def test_verifying_changes_nothing(bought: Home) -> None:
    before = bought.play.hash()
    bought.run("verify")
    assert bought.play.hash() == before
