"""What stops all sending is told by every command that could send, and ends by a named person's word alone."""

import json

import pytest

from punchout.cli.errors import Exit
from punchout.ledger.sending.epochs import Epoch
from punchout.ledger.sending.switches import Snapshots, set_gate, shut_gates
from resources.policies import epoch_note
from tests.cli.homes import Home, Outcome, response, sync_with
from tests.support.ledgers import each
from tests.support.purchases import ACCOUNT

TAKEN = response(200, "OK")


@pytest.fixture
def restored(drafted: Home) -> Home:
    """A home whose ledger knows less than is noted beside it."""
    from punchout.ledger.sending import epochs

    with drafted.engine.connect() as connection:
        known = epochs.current(connection)
    epoch_note(drafted.play.settings).write(Epoch(known.ledger_id, 5))
    return drafted


def test_an_order_is_not_sent_from_a_restored_ledger(restored: Home) -> None:
    with restored.supplier(TAKEN) as server:
        done = restored.run("outbox", "send", "PR0001", "--yes-really-order")
    assert (done.exit_code, server.bodies) == (Exit.CONFIGURATION, [])
    assert "older than the last order sent" in done.stderr


def test_the_doctor_finds_a_restored_ledger(restored: Home) -> None:
    done = restored.run("doctor", "--json")
    (found,) = [one for one in json.loads(done.stdout)["checks"] if one["name"] == "last order sent"]
    assert (done.exit_code, found["state"]) == (Exit.CONFIGURATION, "fail")


def test_a_sync_of_a_restored_ledger_says_so_and_exits_3(restored: Home) -> None:
    sync_with(restored.monkeypatch, lambda *_: Outcome())
    done = restored.run("sync", "--json")
    assert done.exit_code == Exit.CONFIGURATION
    assert json.loads(done.stdout)["stopped"].startswith("this ledger is older")


def test_it_takes_a_name_to_let_it_send_again(restored: Home) -> None:
    assert restored.run("outbox", "release", "--channel", "orders").exit_code == Exit.USAGE
    done = restored.run("outbox", "release", "--channel", "orders", "--by", "ann", "--reason", "looked")
    assert "may send again" in done.stderr
    with restored.supplier(TAKEN) as server:
        assert restored.run("outbox", "send", "PR0001", "--yes-really-order").exit_code == Exit.DONE
    assert len(server.bodies) == 1


def test_a_gate_that_an_export_has_shut_is_opened_by_a_named_person(drafted: Home) -> None:
    collapsed = Snapshots(5, has_collapsed=True)
    each(drafted.engine, lambda c: set_gate(c, ACCOUNT, "bc_requests", {"count": "1"}, 1, collapsed))
    assert drafted.run("outbox", "release", "--gate", "bc_requests").exit_code == Exit.USAGE
    done = drafted.run("outbox", "release", "--gate", "bc_requests", "--by", "ann", "--reason", "the year was closed")
    assert done.exit_code == Exit.DONE
    with drafted.engine.connect() as connection:
        assert shut_gates(connection, ACCOUNT) == {}
    assert drafted.run("outbox", "release", "--gate", "bc_requests", "--by", "ann").exit_code == Exit.USAGE
