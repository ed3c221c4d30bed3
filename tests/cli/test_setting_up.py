"""`punchout init`, `config` and `doctor`: from nothing to settings that can be used, with what is wrong in words."""

import json
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from resources.settings_reconciliation import ReceiptsSettings, ReconciliationSettings, ToleranceSettings
from tests.cli.homes import SECRET, Home, punchout, run


def checks(result_of: str) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in json.loads(result_of)["checks"]}


def test_a_new_home_is_its_owners_alone_and_everything_in_it_is_off(tmp_path: Path) -> None:
    home = tmp_path / "new"
    done = punchout("init", "--home", str(home))
    assert (done.returncode, done.stdout.strip()) == (0, str(home / "punchout.toml"))
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert {path for path, mode in modes.items() if mode & 0o077} == set()
    shown = json.loads(punchout("config", "show", "--json", PUNCHOUT_HOME=str(home)).stdout)
    assert shown["orders.send_enabled"]["value"] is False
    assert shown["orders.sent_by"]["value"] is None


def test_what_a_new_home_says_of_reconciliation_is_every_setting_with_its_default(tmp_path: Path) -> None:
    run("init", "--home", str(tmp_path / "new"))
    template = (tmp_path / "new/punchout.toml").read_text(encoding="utf-8")
    section = template[template.index("[reconciliation]") : template.index("# PostgreSQL")]
    stated = tomllib.loads(re.sub(r"^# (?=\[|\w+ = )", "", section, flags=re.MULTILINE))["reconciliation"]
    assert ReconciliationSettings(**stated) == ReconciliationSettings()
    assert set(stated) | {"confirmation_policy"} == set(ReconciliationSettings.model_fields)
    assert set(stated["tolerances"]) == set(ToleranceSettings.model_fields)
    assert set(stated["receipts"]) == set(ReceiptsSettings.model_fields)


def test_tolerances_are_shown_among_the_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_RECONCILIATION__TOLERANCES__PRICE_PERCENT", "1.5")
    shown = home.json("config", "show")
    name = "reconciliation.tolerances.price_percent"
    assert shown[name] == {"value": "1.5", "source": "PUNCHOUT_RECONCILIATION__TOLERANCES__PRICE_PERCENT"}
    assert shown["reconciliation.tolerances.price"] == {"value": "0.01", "source": "default"}
    assert shown["reconciliation.charge_words.freight"] == {"value": "shipping", "source": "default"}


def test_a_settings_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "punchout.toml").write_text("# mine\n")
    assert run("init", "--home", str(tmp_path)).exit_code == 2
    assert (tmp_path / "punchout.toml").read_text() == "# mine\n"


def test_a_dry_run_of_init_makes_nothing(tmp_path: Path) -> None:
    assert run("init", "--home", str(tmp_path / "new"), "--dry-run").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_new_home_lacks_is_said_and_is_configuration(tmp_path: Path) -> None:
    run("init", "--home", str(tmp_path / "new"))
    done = punchout("config", "check", PUNCHOUT_HOME=str(tmp_path / "new"))
    assert done.returncode == 3
    assert "orders.sent_by is not set" in done.stderr
    assert "cart.received_by is not set" in done.stderr


def test_settings_show_where_they_come_from(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_ORDERS__MAX_ORDERS_PER_DAY", "5")
    shown = home.json("config", "show")
    assert shown["orders.max_orders_per_day"] == {"value": 5, "source": "PUNCHOUT_ORDERS__MAX_ORDERS_PER_DAY"}
    assert shown["orders.sent_by"] == {"value": "pipeline", "source": str(home.path / "punchout.toml")}
    assert shown["orders.max_order_amount"]["source"] == "default"
    assert "orders.sent_by" in home.run("config", "show").stdout


def test_a_secret_is_shown_as_a_reference(home: Home) -> None:
    result = home.run("config", "show", "--json")
    assert json.loads(result.stdout)["supplier.shared_secret"]["value"] == f"file:{home.path / 'secret'}"
    assert SECRET not in result.output


def test_settings_that_fit_are_said_to(home: Home) -> None:
    result = home.run("config", "check")
    assert (result.exit_code, result.stderr) == (0, "The settings can be used.\n")


def test_a_secret_that_cannot_be_read_is_found_before_it_is_needed(home: Home) -> None:
    (home.path / "secret").unlink()
    assert home.run("config", "check").exit_code == 3


def test_editors_get_a_schema() -> None:
    schema = json.loads(run("config", "schema").stdout)
    assert "orders" in schema["properties"]


def test_a_doctor_finds_a_sound_home_sound(home: Home) -> None:
    result = home.run("doctor", "--json")
    found = checks(result.stdout)
    assert {name for name, check in found.items() if check["state"] == "fail"} == set()
    assert result.exit_code == 0
    assert found["sending"]["found"] == "on in the settings, on in the ledger"
    assert found["durability"]["found"] == "journal wal, synchronous 2"
    assert {"python", "lxml", "schema", "disk", "caps", "kill switch", "in doubt", "feed cxml", "archive"} <= set(found)


def test_a_doctor_says_what_to_do_about_what_is_wrong(home: Home) -> None:
    (home.path / "secret").chmod(0o644)
    (home.path / "STOP").touch()
    home.path.chmod(0o755)
    result = home.run("doctor", "--json")
    found = checks(result.stdout)
    assert result.exit_code == 3
    assert (found["supplier"]["state"], found["kill switch"]["state"], found["home"]["state"]) == (
        "fail",
        "warn",
        "warn",
    )
    assert all(check["fix"] for check in found.values() if check["state"] != "ok")


@pytest.mark.parametrize(("unset", "state"), [("our_identity", "warn"), ("nothing", "ok")])
def test_a_doctor_says_whether_copies_of_orders_can_be_accepted(home: Home, unset: str, state: str) -> None:
    file = home.path / "punchout.toml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith(unset)]
    file.write_text("\n".join(lines).replace('sent_by = "pipeline"', 'sent_by = "bc"'))
    assert checks(home.run("doctor", "--json").stdout)["copies"]["state"] == state


def test_a_doctor_says_who_is_told_when_something_is_wrong(home: Home) -> None:
    assert checks(home.run("doctor", "--json").stdout)["alerts"]["state"] == "warn"
    home.write_settings(more='alerts.channels = ["env:CHAT"]\n')
    assert checks(home.run("doctor", "--json").stdout)["alerts"]["found"] == "cannot be read: env:CHAT"
    home.monkeypatch.setenv("CHAT", "json://chat.example/token-1234")
    assert checks(home.run("doctor", "--json").stdout)["alerts"]["found"] == "env:CHAT, without a heartbeat"


def test_a_doctor_looks_also_where_settings_cannot_be_read(home: Home) -> None:
    home.write_settings(more="nonsense = 1\n")
    result = home.run("doctor", "--json")
    assert result.exit_code == 3
    assert checks(result.stdout)["settings"]["state"] == "fail"


def test_a_doctor_does_not_make_a_ledger(tmp_path: Path) -> None:
    done = punchout("doctor", "--json", PUNCHOUT_HOME=str(tmp_path))
    assert checks(done.stdout)["ledger"]["state"] == "warn"
    assert list(tmp_path.iterdir()) == []


def test_a_doctor_is_read_by_people(home: Home) -> None:
    shown = home.run("doctor").stdout
    assert "✓" in shown
