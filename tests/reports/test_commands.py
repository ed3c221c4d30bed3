"""Whatever a person is told to run exists."""

import pytest
import typer

from punchout.cli.main import app
from punchout.model.codes import Code
from punchout.reports import commands
from tests.reports.pages import page, text
from tests.reports.statuses import report, request


@pytest.mark.parametrize("code", Code)
def test_every_code_leads_to_a_command_that_there_is(code: Code) -> None:
    assert is_command(commands.about_exception(code, "PR1"))


@pytest.mark.parametrize("state", ["draft", "hold", "in_doubt", "refused", "blocked"])
def test_every_order_that_waits_for_a_person_leads_to_a_command_that_there_is(state: str) -> None:
    command = commands.about_order(state, "PR1")
    assert command is not None
    assert is_command(command)
    assert command in text(page(report([request("PR1", "PO Queued", [], outbox_state=state)])))


@pytest.mark.parametrize("state", [None, "pending", "sending", "sent", "cancelled"])
def test_an_order_that_needs_no_one_leads_to_no_command(state: str | None) -> None:
    assert commands.about_order(state, "PR1") is None


@pytest.mark.parametrize("command", [commands.about_document(7), commands.about_waiting("106001")])
def test_documents_lead_to_commands_that_there_are(command: str) -> None:
    assert is_command(command)


def is_command(line: str) -> bool:
    program, *words = line.split()
    found: object = typer.main.get_command(app)
    for word in words[:-1]:
        found = getattr(found, "commands", {}).get(word)
    return program == "punchout" and hasattr(found, "callback") and not hasattr(found, "commands")
