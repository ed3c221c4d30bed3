"""What the documents tell people to type can be typed, and what calls somebody is in the runbook."""

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from punchout.cli.main import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_COMMAND = re.compile(r"(?:^|`)(punchout [a-z][^`#\n]*)", re.MULTILINE)
_NOT_COMMANDS = {"punchout return"}
"""What users do and see is called like this too."""


def commands(text: str) -> list[str]:
    """Give what a text tells people to type, where it begins a line or a piece of code."""
    return [found.strip() for found in _COMMAND.findall(text) if found.strip() not in _NOT_COMMANDS]


def problem(command: str) -> str | None:
    """Say what of a command is not there; None where all of it is."""
    words = shlex.split(command.replace("…", ""))[1:]
    # Of Typer's own copy of click, which has no public name.
    found: Any = typer.main.get_command(app)
    while words and hasattr(found, "commands") and not words[0].startswith("-"):
        inner = found.commands.get(words.pop(0))
        if inner is None:
            return f"no such command: {command}"
        found = inner
    known = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)}
    missing = [word for word in words if word.startswith("--") and word.partition("=")[0] not in {*known, "--help"}]
    return f"no such option: {missing[0]} of {command}" if missing else None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_a_document_is_there_with_its_options(document: Path) -> None:
    told = commands(document.read_text(encoding="utf-8"))
    assert [found for command in told if (found := problem(command)) is not None] == []


def test_a_command_that_is_not_there_would_be_seen() -> None:
    assert problem("punchout outbox resolve ORDER --outcome x") is not None
    assert problem("punchout order 1") is not None
    assert len(commands((ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"))) > 10


def test_every_alarm_has_a_section_in_the_runbook() -> None:
    headings = re.findall(r"^## ([a-z-]+)$", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)
    sources = (ROOT / "punchout/ledger/views/alarms.py", ROOT / "resources/alerting.py")
    kinds = {
        keyword.value.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert len(kinds) > 8
    assert kinds | {"run-failed"} == set(headings)
