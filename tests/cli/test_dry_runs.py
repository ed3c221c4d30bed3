"""Every command that changes something can be rehearsed: it says what it would do, and refuses what it would refuse."""

import json
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from typer.main import get_command

from punchout.cli.main import app
from punchout.ledger.sending import switches
from punchout.ledger.tables.base import METADATA
from tests.cli.homes import Home, Telling, at_a_terminal, response
from tests.support.deliveries import cxml
from tests.support.ledgers import each
from tests.support.plays import LOST
from tests.support.purchases import ACCOUNT, Purchase

READING = {
    "alert ls", "alert test", "config check", "config schema", "config show", "decide ls", "doctor", "dtd ls",
    "inspect", "outbox ls", "outbox show", "quarantine ls", "quarantine show", "session link", "session ls", "status",
    "trace", "verify",
}  # fmt: skip
SERVING = {"gateway"}
"""Runs until it is stopped; what comes in by it is what others do."""


def commands() -> dict[str, set[str]]:
    """Give the options of every command by its words."""

    def collect(group: Any, words: tuple[str, ...]) -> dict[str, set[str]]:  # noqa: ANN401 - a group of commands
        found: dict[str, set[str]] = {}
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                found |= collect(command, (*words, name))
            else:
                found[" ".join((*words, name))] = {option for one in command.params for option in one.opts}
        return found

    return collect(get_command(app), ())


def test_every_command_that_changes_something_has_a_dry_run_and_no_other_has() -> None:
    with_one = {name for name, options in commands().items() if "--dry-run" in options}
    assert with_one == commands().keys() - READING - SERVING


def test_every_command_that_asks_something_can_be_told_not_to() -> None:
    asking = {"outbox release", "outbox resolve", "purge", "quarantine dismiss"}
    assert {name for name, options in commands().items() if {"--yes", "-y"} <= options} == asking
    typing = {"outbox send", "outbox resolve"}
    assert {name for name, options in commands().items() if "--yes-really-order" in options} == typing


DOUBTFUL = Purchase()
DRAFTED = Purchase(number="PR0002", order_id="106002")
ANSWERED = Purchase(number="PR0003", order_id="106003")
CUT = cxml("cut.xml", DOUBTFUL.confirmation("112-1", (1, "accept", "3")).data[:-20])


@pytest.fixture
def busy(home_after: Telling) -> Home:
    """A home with an order in doubt, one that waits for a person, one that is answered, and a refused document."""
    return home_after(_busy)


def _busy(home: Home) -> None:
    home.play.sync(*ANSWERED.exported())
    home.play.sync(ANSWERED.ship_notice("S3", (2, "1")), CUT)
    home.play.supplier.answers = (LOST,)
    home.play.later(1)
    home.play.sync(*DOUBTFUL.exported())
    requests, order = DRAFTED.exported()
    home.play.sync(requests.saying('"releaseMode": "manual"', instead_of='"releaseMode": "approval"'), order)
    states = [home.order(one.number).state for one in (ANSWERED, DOUBTFUL, DRAFTED)]
    assert states == ["sent", "in_doubt", "draft"]


def everything(home: Home) -> dict[str, Any]:
    """Give every row of every table, and every other file of the home folder."""
    found: dict[str, Any] = {}
    with home.engine.connect() as connection:
        for name, table in METADATA.tables.items():
            found[name] = sorted(map(repr, connection.execute(sa.select(table)).all()))
    files = (path for path in sorted(home.path.rglob("*")) if "ledger.sqlite3" not in path.name)
    return found | {str(path): path.read_bytes() if path.is_file() else None for path in files}


def spelled(home: Home, arguments: tuple[str, ...]) -> list[str]:
    """Put the numbers of documents in the places of REFUSED and READ."""
    (refused,) = home.json("quarantine", "ls")
    (read,) = [one["document_id"] for one in home.json("trace", "PR0003")["documents"] if "ShipNotice" in one["kind"]]
    numbers = {"REFUSED": str(refused["document_id"]), "READ": str(read)}
    return [numbers.get(one, one) for one in arguments]


WHO = ("--by", "ann", "--reason", "told so")
RESOLVING = ("outbox", "resolve", "PR0001", "--by", "ann", "--evidence", "looked")
CASES = [
    ("sync",),
    ("report",),
    ("replay",),
    ("reprocess", "--doc", "READ"),
    ("outbox", "send", "PR0002"),
    ("outbox", "hold", "PR0002", "--by", "ann"),
    ("outbox", "hold", "--channel", "orders", "--by", "ann"),
    ("outbox", "release", "--channel", "orders", "--by", "ann"),
    (*RESOLVING, "--sent"),
    (*RESOLVING, "--not-received"),
    (*RESOLVING, "--cancel"),
    ("outbox", "conformance", "PR0002", "--site", "https://test.example/orders", "--by", "ann"),
    ("quarantine", "redrive", "REFUSED"),
    ("quarantine", "dismiss", "REFUSED", "--reason", "sent again"),
    ("decide", "close-line", "PR0003/10000", *WHO),
    ("decide", "ignore-doc", "S3", *WHO),
    ("decide", "accept-price", "PR0003/10000", "12.50", *WHO),
    ("decide", "unlink", "S3", *WHO),
    ("decide", "link", "S3", "10000", *WHO),
    ("decide", "waive", "PR0001", "SEND_AMBIGUOUS", *WHO),
    ("decide", "acknowledge", "PR0001", "SEND_AMBIGUOUS", *WHO),
    ("sandbox", "run"),
]


@pytest.mark.parametrize("arguments", CASES, ids=lambda one: " ".join(one[:3]))
def test_a_dry_run_says_what_would_be_done_and_changes_nothing(busy: Home, arguments: tuple[str, ...]) -> None:
    before, words = everything(busy), spelled(busy, arguments)
    result = busy.run(*words, "--dry-run")
    assert (result.exit_code, "Would " in result.stderr) == (0, True), result.output
    assert everything(busy) == before


EARLIER = ("--as-of", "2026-03-01T00:00:00Z")
REFUSED = [
    ("outbox", "send", "PR0003"),
    ("outbox", "send", "PR0009"),
    ("outbox", "hold", "PR0009", "--by", "ann"),
    ("outbox", "hold", "PR0003", "--by", "ann"),
    ("outbox", "hold", "PR0002", "--by", "ann", *EARLIER),
    ("outbox", "hold", "--channel", "orders", "--by", "ann", *EARLIER),
    ("outbox", "release", "PR0002", "--by", "ann"),
    ("outbox", "release", "--gate", "bc_orders", "--by", "ann"),
    ("outbox", "resolve", "PR0003", "--sent", "--evidence", "looked"),
    (*RESOLVING, "--sent", *EARLIER),
    ("quarantine", "redrive", "READ"),
    ("quarantine", "dismiss", "READ", "--reason", "sent again"),
    ("reprocess", "--doc", "1"),
    ("reprocess", "--doc", "READ", *EARLIER),
    ("decide", "close-line", "PR0003/70000", *WHO),
    ("decide", "close-line", "PR0003/10000", *WHO, *EARLIER),
]


@pytest.mark.parametrize("arguments", REFUSED, ids=lambda one: " ".join(one[:3]))
def test_a_dry_run_refuses_what_would_be_refused_in_the_same_words(busy: Home, arguments: tuple[str, ...]) -> None:
    words = spelled(busy, arguments)
    foretold, happened = busy.run(*words, "--dry-run"), busy.run(*words)
    assert (foretold.exit_code, foretold.stderr) == (happened.exit_code, happened.stderr)
    assert happened.exit_code == 2


def test_a_dry_run_of_switching_sending_on_asks_for_a_cut_over_too(busy: Home) -> None:
    file = busy.path / "punchout.toml"
    file.write_text(file.read_text().replace("cutover_at", "# cutover_at"))
    command = ("outbox", "release", "--channel", "orders", "--by", "ann")
    assert [busy.run(*command, *more).exit_code for more in (("--dry-run",), ())] == [3, 3]


def test_a_dry_run_of_opening_a_gate_that_is_shut_leaves_it_shut(busy: Home) -> None:
    each(busy.engine, partial(switches.set_gate, account=ACCOUNT, name="bc_orders", failures={"rows": "gone"}, at=1))
    result = busy.run("outbox", "release", "--gate", "bc_orders", "--by", "ann", "--dry-run")
    assert (result.exit_code, result.stderr.startswith("Would accept")) == (0, True)
    with busy.engine.connect() as connection:
        assert set(switches.shut_gates(connection, ACCOUNT)) == {"bc_orders"}


def test_a_dry_run_of_sending_says_what_would_hold_the_order_back(busy: Home) -> None:
    (busy.path / "STOP").touch()
    with busy.supplier(response(200, "OK")) as server:
        result = busy.run("outbox", "send", "PR0002", "--dry-run")
    assert (result.exit_code, server.bodies) == (0, [])
    assert "It would be held back: the kill switch is set" in result.stderr


def test_a_dry_run_of_a_sync_tells_what_lies_in_the_feeds_and_waits_in_the_ledger(busy: Home) -> None:
    (busy.path / "inbox" / "cxml").mkdir(parents=True, exist_ok=True)
    (busy.path / "inbox" / "cxml" / "new.xml").write_bytes(CUT.data)
    plan = busy.json("sync", "--dry-run")
    assert plan["feeds"] == {"bc_orders": 0, "bc_requests": 0, "cxml": 1}
    waiting = {name: plan["ledger"][name] for name in ("documents", "orders_ready", "orders_pending", "sending")}
    assert waiting == {"documents": 0, "orders_ready": 0, "orders_pending": 0, "sending": True}
    assert busy.run("sync", "--dry-run", *EARLIER).exit_code == 2


def test_a_dry_run_of_a_sync_makes_no_ledger(busy: Home) -> None:
    (busy.path / "ledger.sqlite3").rename(busy.path / "elsewhere")
    assert json.loads(busy.run("sync", "--dry-run", "--json").stdout)["ledger"] is None
    assert not (busy.path / "ledger.sqlite3").exists()


@pytest.mark.parametrize(
    ("options", "typed", "code", "left"), [((), "y", 0, 0), ((), "n", 2, 1), ((), "", 2, 1), (("-y",), "", 0, 0)]
)
def test_a_person_at_a_terminal_is_asked_before_a_document_is_dismissed(
    busy: Home, options: tuple[str, ...], typed: str, code: int, left: int
) -> None:
    command = spelled(busy, ("quarantine", "dismiss", "REFUSED", "--reason", "sent again"))
    assert at_a_terminal(*command, *options, typed=typed) == code
    assert len(busy.json("quarantine", "ls")) == left


@pytest.mark.parametrize(("typed", "code", "state"), [("y", 0, "cancelled"), ("n", 2, "in_doubt")])
def test_a_person_at_a_terminal_is_asked_before_an_order_is_given_up(
    busy: Home, typed: str, code: int, state: str
) -> None:
    assert at_a_terminal(*RESOLVING, "--cancel", typed=typed) == code
    assert busy.order("PR0001").state == state


@pytest.mark.parametrize(("typed", "code", "is_on"), [("y", 0, True), ("n", 2, False)])
def test_a_person_at_a_terminal_is_asked_before_sending_is_switched_on(
    busy: Home, typed: str, code: int, *, is_on: bool
) -> None:
    assert busy.run("outbox", "hold", "--channel", "orders", "--by", "ann").exit_code == 0
    assert at_a_terminal("outbox", "release", "--channel", "orders", "--by", "ann", typed=typed) == code
    with busy.engine.connect() as connection:
        assert switches.is_on(connection, switches.ORDERS) is is_on
