"""How the command starts: quickly, without what it does not need, and the same by either name."""

import subprocess
import sys

import pytest

from tests.cli.homes import ROOT, Home, punchout

HEAVY = ("dagster", "pandas", "great_expectations", "numpy")


def loaded_by(*arguments: str) -> set[str]:
    """Runs a command and tells which of the heavy packages it has loaded."""
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('loaded', *[m for m in {HEAVY} if m in sys.modules], file=sys.stderr))\n"
        "from punchout.cli.main import main\n"
        f"sys.argv = ['punchout', *{arguments!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].removeprefix("loaded").split())


def test_commands_that_need_none_of_it_load_neither_dagster_nor_pandas_nor_great_expectations(drafted: Home) -> None:
    document = drafted.path / "document.xml"
    document.write_text("<cXML/>")
    commands = (["--help"], ["status"], ["status", "--all", "--json"], ["inspect", str(document)], ["outbox", "ls"])
    assert {" ".join(command): loaded_by(*command) for command in commands if loaded_by(*command)} == {}


def test_the_help_names_every_exit_code() -> None:
    shown = punchout("--help").stdout
    assert all(code in shown for code in ("0 done", "3 configuration", "5", "7", "8", "130"))


@pytest.mark.parametrize("arguments", [["nonsense"], ["status", "--nonsense"], ["outbox", "show"]])
def test_a_command_that_is_not_there_is_a_usage_error(arguments: list[str]) -> None:
    done = punchout(*arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_misspelt_command_is_answered_with_the_one_that_was_meant() -> None:
    assert "status" in punchout("statsu").stderr


def test_a_reader_that_goes_away_is_no_error_to_talk_about(drafted: Home) -> None:
    command = f"{sys.executable} -m punchout status --all --json | true"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert drafted.order().state == "draft"
