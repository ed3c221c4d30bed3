"""`punchout outbox conformance`: one order, twice to the test site, and what a person saw of it."""

import json

import pytest

from punchout.cli.errors import Exit
from punchout.ledger.engine import reading
from punchout.ledger.sending import conformance
from tests.cli.homes import SECRET, Home, response
from tests.resources.suppliers import Server
from tests.support.purchases import ACCOUNT

LOOKED = ("--evidence", "order list of the test site", "--by", "ann")
TAKEN = response(200, "OK")


def recorded(home: Home) -> list[tuple[int, str, str]]:
    with reading(home.engine) as connection:
        return [(one.orders_seen, one.by, one.evidence) for one in conformance.checks(connection, ACCOUNT)]


def test_it_sends_the_same_bytes_twice_as_a_test_and_records_what_was_seen(drafted: Home) -> None:
    with Server(TAKEN) as site:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", site.url, "--orders-seen", "1", *LOOKED)
    assert (done.exit_code, recorded(drafted)) == (Exit.DONE, [(1, "ann", "order list of the test site")])
    first, second = site.bodies
    assert first == second
    assert b'deploymentMode="test"' in first
    assert b'payloadID="conformance-' in first
    assert SECRET.encode() in first
    assert (drafted.order().state, drafted.order().attempt) == ("draft", 0)


def test_a_supplier_that_made_two_orders_of_it_is_recorded_and_exits_8(drafted: Home) -> None:
    with Server(TAKEN) as site:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", site.url, "--orders-seen", "2", *LOOKED)
    assert (done.exit_code, [seen for seen, _, _ in recorded(drafted)]) == (Exit.NOT_OK, [2])


def test_a_test_site_that_does_not_take_the_first_is_sent_no_second_and_nothing_is_recorded(drafted: Home) -> None:
    with Server(response(401, "Unauthorized")) as site:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", site.url, "--orders-seen", "1", *LOOKED)
    assert (done.exit_code, len(site.bodies), recorded(drafted)) == (Exit.UNAVAILABLE, 1, [])


@pytest.mark.parametrize("missing", ["--orders-seen", "--evidence", "--by"])
def test_it_sends_nothing_where_nobody_could_say_what_was_seen(drafted: Home, missing: str) -> None:
    options = {"--orders-seen": "1", "--evidence": "x", "--by": "ann"}
    given = [word for name, value in options.items() if name != missing for word in (name, value)]
    with Server(TAKEN) as site:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", site.url, *given)
    assert (done.exit_code, site.connections, recorded(drafted)) == (Exit.USAGE, 0, [])


def test_the_address_of_real_orders_is_no_test_site(drafted: Home) -> None:
    with drafted.supplier(TAKEN) as real:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", real.url, "--orders-seen", "1", *LOOKED)
    assert (done.exit_code, real.connections) == (Exit.CONFIGURATION, 0)


def test_a_dry_run_sends_nothing(drafted: Home) -> None:
    with Server(TAKEN) as site:
        done = drafted.run("outbox", "conformance", "PR0001", "--site", site.url, "--dry-run", "--by", "ann")
    assert (done.exit_code, site.connections) == (Exit.DONE, 0)


class TestTheSettingWithoutARecord:
    @pytest.fixture
    def trusting(self, drafted: Home) -> Home:
        drafted.monkeypatch.setenv("PUNCHOUT_SUPPLIER__DEDUPES_PAYLOAD_ID", "true")
        return drafted

    def test_sending_is_refused_with_exit_3(self, trusting: Home) -> None:
        with trusting.supplier(TAKEN) as server:
            done = trusting.run("outbox", "send", "PR0001", "--yes-really-order")
        assert (done.exit_code, server.bodies) == (Exit.CONFIGURATION, [])
        assert "no conformance check" in done.stderr

    def test_the_doctor_says_so_with_exit_3(self, trusting: Home) -> None:
        done = trusting.run("doctor", "--json")
        assert done.exit_code == Exit.CONFIGURATION
        (found,) = [one for one in json.loads(done.stdout)["checks"] if one["name"] == "repeats"]
        assert found["state"] == "fail"

    def test_with_the_record_the_order_leaves(self, trusting: Home) -> None:
        with Server(TAKEN) as site:
            trusting.run("outbox", "conformance", "PR0001", "--site", site.url, "--orders-seen", "1", *LOOKED)
        with trusting.supplier(TAKEN) as server:
            done = trusting.run("outbox", "send", "PR0001", "--yes-really-order")
        assert (done.exit_code, len(server.bodies)) == (Exit.DONE, 1)
