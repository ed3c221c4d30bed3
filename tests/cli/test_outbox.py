"""`punchout outbox`: what a person may do with orders, who is asked what, and what each ends with."""

import json
import os
import signal
import socket

import pytest

from tests.cli.homes import SECRET, Home, at_a_terminal, punchout, response
from tests.resources.suppliers import Server, closes, unused_port
from tests.support.plays import LOST
from tests.support.purchases import Purchase

SEND = ("outbox", "send", "PR0001", "--yes-really-order", "--as-of", "2026-03-02T17:00:00Z")


@pytest.fixture
def doubtful(home: Home) -> Home:
    """A home with an order of which it is not known whether it arrived."""
    home.play.supplier.answers = (LOST,)
    home.play.sync(*Purchase().exported())
    assert home.order().state == "in_doubt"
    return home


def test_a_draft_is_sent_at_once(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        result = drafted.run(*SEND)
    assert result.exit_code == 0, result.stderr
    assert "Order 106001 was sent" in result.stderr
    assert result.stdout == ""
    assert [SECRET.encode() in body for body in server.bodies] == [True]
    assert drafted.play.request()["stage"] == "PO Sent"


def test_what_follows_from_a_sent_order_holds_when_the_command_ends(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")):
        drafted.run(*SEND)
    assert drafted.play.broken_promises() == {}


def test_an_order_is_sent_once_however_often_it_is_asked_for(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        assert [drafted.run(*SEND).exit_code for _ in range(2)] == [0, 2]
    assert len(server.bodies) == 1


def test_a_lost_reply_leaves_the_order_in_doubt(drafted: Home) -> None:
    with drafted.supplier(closes):
        result = drafted.run(*SEND)
    assert result.exit_code == 5
    assert "punchout outbox resolve 106001" in result.stderr
    assert drafted.order().state == "in_doubt"


def test_an_order_that_did_not_leave_stays_pending_for_the_next_sync(drafted: Home) -> None:
    with unused_port() as port:
        drafted.write_settings(f"http://127.0.0.1:{port}/orders")
        result = drafted.run(*SEND)
    assert result.exit_code == 7
    assert "stays pending" in result.stderr
    assert drafted.order().state == "pending"


def test_a_refused_order_cannot_be_sent(drafted: Home) -> None:
    with drafted.supplier(response(406, "Not Acceptable")):
        result = drafted.run(*SEND)
    assert result.exit_code == 2
    assert "was refused by the supplier" in result.stderr


def test_while_sending_is_switched_off_the_order_stays_pending(drafted: Home) -> None:
    assert drafted.run("outbox", "hold", "--channel", "orders").exit_code == 0
    with drafted.supplier(response(200, "OK")) as server:
        result = drafted.run(*SEND)
    assert result.exit_code == 3
    assert "stays pending" in result.stderr
    assert "not enabled in the ledger" in result.stderr
    assert server.bodies == []


def test_the_kill_switch_holds_it_back(drafted: Home) -> None:
    (drafted.path / "STOP").touch()
    with drafted.supplier(response(200, "OK")) as server:
        assert drafted.run(*SEND).exit_code == 3
    assert server.bodies == []


def test_a_cap_holds_it_back(drafted: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        monkeypatch.setenv("PUNCHOUT_ORDERS__MAX_ORDER_AMOUNT", "1")
        assert drafted.run(*SEND).exit_code == 3
    assert server.bodies == []


def test_once_the_cause_is_gone_a_pending_order_can_be_sent_by_hand(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        drafted.run("outbox", "hold", "--channel", "orders")
        drafted.run(*SEND)
        drafted.run("outbox", "release", "--channel", "orders", "--by", "ann")
        assert drafted.run(*SEND).exit_code == 0
    assert len(server.bodies) == 1


def test_ctrl_c_waits_until_the_result_is_written_down(drafted: Home) -> None:
    def interrupts(connection: socket.socket, server: Server) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        response(200, "OK")(connection, server)

    with drafted.supplier(interrupts):
        result = drafted.run(*SEND)
    assert result.exit_code == 0
    assert "Finishing what may have left already" in result.stderr
    assert drafted.order().state == "sent"


def test_nobody_to_confirm_means_nothing_is_done(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        done = punchout("outbox", "send", "PR0001", stdin="106001\n")
    assert done.returncode == 2
    assert "--yes-really-order" in done.stderr
    assert server.bodies == []
    assert drafted.order().state == "draft"


@pytest.mark.parametrize(("typed", "code", "state"), [("106001", 0, "sent"), ("PR0001", 2, "draft"), ("", 2, "draft")])
def test_a_person_types_the_number_of_the_purchase_order(typed: str, code: int, state: str, drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")):
        assert at_a_terminal(*SEND[:3], *SEND[4:], typed=typed) == code
    assert drafted.order().state == state


def test_a_way_to_the_supplier_that_is_not_set_up_is_found_before_the_order_is_let_go(drafted: Home) -> None:
    (drafted.path / "secret").chmod(0o644)
    result = drafted.run(*SEND)
    assert result.exit_code == 3
    assert "chmod 600" in result.stderr
    assert drafted.order().state == "draft"


def test_a_moment_before_the_last_sync_is_refused_and_nothing_done(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")) as server:
        result = drafted.run(*SEND[:-1], "2026-03-02T16:59:59Z")
    assert (result.exit_code, server.bodies) == (2, [])
    assert drafted.order().state == "draft"


@pytest.mark.parametrize("text", ["yesterday", "2026-03-02T17:00:00"])
def test_a_moment_without_a_zone_is_refused(text: str, drafted: Home) -> None:
    assert drafted.run(*SEND[:-1], text).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["send", "PR0001"],
        ["hold", "PR0001"],
        ["hold", "--channel", "orders"],
        ["release", "--channel", "orders"],
    ],
)
def test_a_dry_run_says_what_would_be_done_and_does_nothing(arguments: list[str], drafted: Home) -> None:
    before = drafted.json("outbox", "ls"), drafted.json("status")
    result = drafted.run("outbox", *arguments, "--dry-run")
    assert result.exit_code == 0
    assert result.stderr.startswith("Would ")
    assert (drafted.json("outbox", "ls"), drafted.json("status")) == before


def test_orders_are_listed_by_state(drafted: Home) -> None:
    listed = drafted.json("outbox", "ls", "--state", "draft")
    assert [(order["order_id"], order["total"], order["currency"]) for order in listed] == [("106001", "50.00", "USD")]
    assert drafted.json("outbox", "ls", "--state", "sent") == []
    assert "106001" in drafted.run("outbox", "ls").stdout


def test_an_order_is_shown_with_its_attempts_and_its_bytes(drafted: Home) -> None:
    with drafted.supplier(response(200, "OK")):
        drafted.run(*SEND)
    assert [attempt["outcome"] for attempt in drafted.json("outbox", "show", "106001")["attempts_made"]] == ["sent"]
    assert "Order 106001: sent" in drafted.run("outbox", "show", "PR0001").stdout
    body = drafted.run("outbox", "show", "PR0001", "--body").stdout
    assert "<OrderRequest>" in body
    assert SECRET not in body


def test_an_order_that_nobody_knows_is_a_usage_error(drafted: Home) -> None:
    result = drafted.run("outbox", "show", "PR9999")
    assert (result.exit_code, result.stderr) == (2, "no order for PR9999\n")


def test_a_held_draft_is_a_draft_again_when_it_is_released(drafted: Home) -> None:
    assert drafted.run("outbox", "hold", "PR0001", "--by", "ann").exit_code == 0
    assert drafted.order().state == "hold"
    assert drafted.run("outbox", "release", "PR0001", "--by", "ann").exit_code == 0
    assert drafted.order().state == "draft"


def test_sending_is_switched_on_only_by_a_name(drafted: Home) -> None:
    assert drafted.run("outbox", "release", "--channel", "orders").exit_code == 2
    result = drafted.run("outbox", "release", "--channel", "orders", "--by", "ann", "--reason", "go-live")
    assert (result.exit_code, "switched on in the ledger, by ann" in result.stderr) == (0, True)


def test_sending_is_not_switched_on_without_a_cut_over(drafted: Home) -> None:
    text = (drafted.path / "punchout.toml").read_text()
    (drafted.path / "punchout.toml").write_text(text.replace("cutover_at", "# cutover_at"))
    result = drafted.run("outbox", "release", "--channel", "orders", "--by", "ann")
    assert result.exit_code == 3
    assert "orders.cutover_at" in result.stderr


def test_an_order_or_the_channel_is_named_and_not_both(drafted: Home) -> None:
    assert drafted.run("outbox", "hold").exit_code == 2
    assert drafted.run("outbox", "hold", "PR0001", "--channel", "orders").exit_code == 2


@pytest.mark.parametrize(("outcome", "state"), [("--sent", "sent"), ("--cancel", "cancelled")])
def test_a_doubt_is_settled_by_a_named_person(outcome: str, state: str, doubtful: Home) -> None:
    result = doubtful.run("outbox", "resolve", "PR0001", outcome, "--evidence", "seen there", "--by", "ann")
    assert result.exit_code == 0, result.stderr
    assert (doubtful.order().state, doubtful.order().reason) == (state, "ann: seen there")
    assert doubtful.play.broken_promises() == {}


def test_sending_again_after_a_doubt_is_confirmed_like_sending(doubtful: Home) -> None:
    again = ("outbox", "resolve", "PR0001", "--not-received", "--evidence", "not there", "--by", "ann")
    assert doubtful.run(*again).exit_code == 2
    assert doubtful.order().state == "in_doubt"
    assert doubtful.run(*again, "--yes-really-order").exit_code == 0
    assert doubtful.order().state == "pending"


@pytest.mark.parametrize("outcomes", [[], ["--sent", "--cancel"]])
def test_a_doubt_has_one_outcome(outcomes: list[str], doubtful: Home) -> None:
    assert doubtful.run("outbox", "resolve", "PR0001", *outcomes, "--evidence", "x").exit_code == 2
    assert doubtful.order().state == "in_doubt"


def test_only_a_doubt_can_be_settled(drafted: Home) -> None:
    result = drafted.run("outbox", "resolve", "PR0001", "--sent", "--evidence", "x", "--by", "ann")
    assert result.exit_code == 2
    assert "only an order in doubt" in result.stderr


def test_an_order_in_doubt_is_not_sent_by_hand(doubtful: Home) -> None:
    with doubtful.supplier(response(200, "OK")) as server:
        assert doubtful.run(*SEND).exit_code == 2
    assert server.bodies == []


def test_every_step_of_a_person_is_in_the_log(drafted: Home) -> None:
    drafted.run("outbox", "hold", "PR0001", "--by", "ann")
    with drafted.engine.connect() as connection:
        logged = connection.exec_driver_sql("SELECT who, command, subject FROM audit").all()
    assert ("ann", "outbox hold", "106001") in [tuple(row) for row in logged]


def test_json_of_an_order_is_plain(drafted: Home) -> None:
    order = json.loads(drafted.run("outbox", "ls", "--json").stdout)[0]
    assert order["queued_at"] == "2026-03-02T17:00:00+00:00"
