"""Verifying: green where only the program wrote, and exactly the broken promise red where somebody hurt the ledger."""

import socket
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import runs
from punchout.ledger.bodies import pack
from punchout.ledger.invariants import documents, projections
from punchout.ledger.reconciling.reconcile import Policies, compute
from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.facts import DOCUMENT, ORDER_BODY
from punchout.ledger.touches import touch
from punchout.model.history import RequestHistory
from punchout.model.parsed import Parsed
from punchout.reconciliation.results import Reconciled
from resources.verification import verify_ledger
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.stories import FIRST, HTML_PAGE

OF_DOCUMENTS = sorted(
    table.name
    for table in METADATA.sorted_tables
    if CLASS_OF[table.name] is TableClass.FACT and "document_id" in table.primary_key.columns
)


def hurt(play: Play, *statements: str) -> None:
    """Change the database behind the program's back, and behind its own checks."""
    off = {"sqlite": "PRAGMA foreign_keys=OFF", "postgresql": "SET session_replication_role = replica"}
    raw = play.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(off[play.engine.dialect.name])
    for statement in statements:
        cursor.execute(statement)
        assert cursor.rowcount
    raw.commit()
    raw.invalidate()


def test_every_promise_that_can_be_checked_is_kept_after_a_whole_story(told: Play) -> None:
    report = verify_ledger(told.settings, told.engine)
    assert report["ok"] is True
    assert told.broken_promises() == {}


def test_every_promise_is_listed_once_in_its_order(told: Play) -> None:
    listed = [one["id"] for one in verify_ledger(told.settings, told.engine)["invariants"]]
    assert listed == sorted(set(listed), key=lambda identity: int(identity[1:]))
    assert listed == [f"I{number}" for number in range(1, 27)]


def test_the_report_names_the_ledger_it_is_about(told: Play) -> None:
    assert verify_ledger(told.settings, told.engine)["ledger_hash"] == told.hash()


def test_an_empty_ledger_breaks_no_promise(play: Play) -> None:
    assert play.broken_promises() == {}


def test_verifying_writes_nothing(told: Play) -> None:
    before = {table.name: rows(told.engine, table) for table in METADATA.sorted_tables}
    verify_ledger(told.settings, told.engine)
    assert {table.name: rows(told.engine, table) for table in METADATA.sorted_tables} == before


FETCHED_FOR = {"one that counts": b"<ConfirmationRequest>", "one that was refused": HTML_PAGE.data}


@pytest.mark.parametrize("text", FETCHED_FOR.values(), ids=FETCHED_FOR.keys())
@pytest.mark.parametrize("look_up", [True, False], ids=["a name that is looked up", "a connection"])
def test_whatever_reading_a_document_fetches_is_a_broken_promise_and_nothing_else(
    told: Play, monkeypatch: pytest.MonkeyPatch, text: bytes, *, look_up: bool
) -> None:
    def fetching(data: bytes, rules: ReadingRules) -> Parsed:
        if text in data:
            with suppress(OSError), socket.socket() as connection:
                if look_up:
                    socket.getaddrinfo("localhost", 9)
                else:
                    connection.connect(("127.0.0.1", 9))
        return read(data, rules)

    monkeypatch.setattr(documents, "read", fetching)
    broken = told.broken_promises()
    assert list(broken) == ["I21"]
    assert ("localhost" if look_up else "127.0.0.1") in broken["I21"]


@pytest.mark.parametrize("place", [0, 2, 40, -1], ids=["first byte", "third byte", "in the middle", "last byte"])
def test_a_stored_byte_that_was_flipped_is_damaged_bytes_and_nothing_else(told: Play, place: int) -> None:
    body = bytearray(rows(told.engine, DOCUMENT)[1]["body"])  # type: ignore[call-overload]
    body[place] ^= 0x10
    each(told.engine, lambda c: c.execute(sa.update(DOCUMENT).where(DOCUMENT.c.id == 2).values(body=bytes(body))))
    assert list(told.broken_promises()) == ["I6"]


def test_every_document_with_damaged_bytes_is_named(told: Play) -> None:
    other = pack(b"<other/>").data
    each(told.engine, lambda c: c.execute(sa.update(DOCUMENT).where(DOCUMENT.c.id <= 2).values(body=other)))
    assert told.broken_promises() == {
        "I6": "the stored bytes of document 1 have changed; the stored bytes of document 2 have changed"
    }


@pytest.mark.parametrize("table", OF_DOCUMENTS)
def test_a_fact_that_was_deleted_is_missing_facts_and_nothing_else(told: Play, table: str) -> None:
    accepted = "document_id IN (SELECT document_id FROM document_state WHERE state = 'accepted')"
    _delete_one(told, table, accepted)
    assert list(told.broken_promises()) == ["I2"]


CHANGED = {
    "bc_export": ("row_count", "row_count + 1"),
    "bc_order": ("ship_to_city", "'Elsewhere'"),
    "bc_order_line": ("quantity", "quantity + 1"),
    "bc_request": ("requester_email", "'mallory@example.com'"),
    "bc_request_line": ("unit_price", "unit_price + 1"),
    "cart": ("buyer_cookie", "'another'"),
    "cart_line": ("quantity", "quantity + 1"),
    "confirmation": ("confirm_id", "'another'"),
    "confirmation_item": ("quantity", "quantity + 1"),
    "confirmation_status": ("type", "'allDetail'"),
    "document_envelope": ("body_sha256", "'0'"),
    "invoice": ("invoice_id", "'another'"),
    "invoice_line": ("quantity", "quantity + 1"),
    "invoice_order": ("order_id", "'another'"),
    "invoice_service": ("quantity", "quantity + 1"),
    "reference": ("value", "value || 'x'"),
    "response": ("code", "500"),
    "ship_item": ("quantity", "quantity + 1"),
    "ship_notice": ("shipment_id", "'another'"),
    "ship_portion": ("order_id", "'another'"),
}


@pytest.mark.parametrize("table", CHANGED)
def test_a_fact_that_was_changed_is_wrong_facts_and_nothing_else(told: Play, table: str) -> None:
    name, value = CHANGED[table]
    accepted = "document_id IN (SELECT document_id FROM document_state WHERE state = 'accepted')"
    hurt(told, f'UPDATE "{table}" SET {name} = {value} WHERE {accepted}')  # noqa: S608 - written here
    assert list(told.broken_promises()) == ["I2"]


HURT: dict[str, tuple[str, str]] = {
    "the return of a session names another cart": ("UPDATE session_returned SET received_sha256 = '0'", "I25"),
    "the return of a session has another number of lines": ("UPDATE session_returned SET line_count = 7", "I25"),
    "a session had expired": ("UPDATE session_opened SET expires = 1", "I25"),
    "a position was changed": ("UPDATE line_position SET accepted = accepted + 1", "I3"),
    "a stage was changed": ("UPDATE request_stage SET stage = 'Closed'", "I3"),
    "an exception of a request was deleted": ("DELETE FROM exception WHERE request_no IS NOT NULL", "I3"),
    "a link was deleted": ("DELETE FROM link", "I3"),
    "a version was changed": ("UPDATE document_version SET standing = 'current'", "I3"),
    "an event was deleted": ("DELETE FROM timeline", "I3"),
    "a sent order has no mark": ("DELETE FROM send_marked", "I9"),
    "a sent order has no bytes": ("DELETE FROM order_body", "I9"),
    "a refused document has no reason": ("UPDATE document_state SET reason = NULL WHERE state = 'quarantined'", "I15"),
    "a reason is none of ours": ("UPDATE document_state SET reason = 'BAD' WHERE state = 'quarantined'", "I15"),
    "a document has no state": ("DELETE FROM document_state WHERE state = 'dismissed'", "I1"),
    "a state is none of ours": ("UPDATE document_state SET state = 'lost' WHERE state = 'dismissed'", "I1"),
    "a document was never delivered": ("DELETE FROM delivery", "I1"),
    "an order's bytes were changed": ("UPDATE order_body SET body = substr(body, 2)", "I12"),
    "an order's total was changed": ("UPDATE order_queued SET total = total + 1", "I14"),
    "a doubt went away": ("UPDATE outbox SET state = 'pending' WHERE state = 'sent'", "I11"),
    "an update was delivered and never written down": ("DELETE FROM update_queued WHERE kind = 'cart_lines'", "I17"),
    "an update is missing among others": (
        "DELETE FROM update_queued WHERE version = 1 AND kind = 'tracking' AND request_no = 'PR0001'",
        "I17",
    ),
    "a document came for the first time twice": ("UPDATE delivery SET is_first = true WHERE NOT is_first", "I5"),
    "nothing shows that an order was taken": ("UPDATE send_result SET cxml_code = 500 WHERE outcome = 'sent'", "I10"),
    "an update said something else": (
        """UPDATE update_queued SET content = replace(content, '"stage": "', '"stage": "not ')""",
        "I18",
    ),
    "a sync lies before the one before it": ("UPDATE run SET as_of = 1 WHERE id = 2", "I24"),
    "an exception has a code that is none of ours": (
        "UPDATE exception SET code = 'ODD' WHERE request_no IS NULL AND code = 'ORDER_NOT_FOUND'",
        "I23",
    ),
    "the schema is another": ("UPDATE alembic_version SET version_num = '0000'", "I22"),
}


HURT_BY_A_PURGE: dict[str, str] = {
    "bytes are gone that nobody purged": "UPDATE document SET codec = 'purged' WHERE purge_id IS NULL",
    "the decision is gone": "DELETE FROM purge",
    "a purge tells of less": "UPDATE purge SET documents = 0, orders = 0",
    "a document was purged before its time": "UPDATE purge SET before = 1",
    "a refused document was purged": "UPDATE document_state SET state = 'quarantined' WHERE state = 'dismissed'",
    "bytes of a purged document are left": "UPDATE document SET body = 'x' WHERE purge_id IS NOT NULL",
    "bytes of a purged order are left": "UPDATE order_body SET body = 'x' WHERE purge_id IS NOT NULL",
    "a purged order may leave": "UPDATE outbox SET state = 'pending' WHERE request_no = 'PR0005'",
}


@pytest.mark.parametrize("name", HURT_BY_A_PURGE)
def test_what_was_erased_without_a_decision_or_against_it_is_red(after_a_purge: Play, name: str) -> None:
    hurt(after_a_purge, HURT_BY_A_PURGE[name])
    assert "I26" in after_a_purge.broken_promises()


def test_an_order_whose_bytes_are_gone_without_a_decision_is_red(after_a_purge: Play) -> None:
    hurt(after_a_purge, "UPDATE order_body SET purge_id = NULL WHERE purge_id IS NOT NULL")
    assert list(after_a_purge.broken_promises()) == ["I12"]


@pytest.mark.parametrize("name", HURT)
def test_exactly_the_promise_that_was_broken_is_red_where(told: Play, name: str) -> None:
    statement, promise = HURT[name]
    hurt(told, statement)
    assert sorted({*told.broken_promises()} - _foreign_keys(told)) == [promise]


def _foreign_keys(play: Play) -> set[str]:
    """SQLite's own check sees, beside, that a row points at nothing."""
    broken = play.broken_promises().get("I22", "")
    return {"I22"} if "refers to nothing" in broken else set()


def test_an_order_that_is_sent_twice_without_a_word_is_red(told: Play) -> None:
    hurt(told, "DELETE FROM send_resolved")
    assert "I7" in told.broken_promises()


def test_a_repetition_without_a_recorded_check_is_red(told: Play) -> None:
    again = (
        "INSERT INTO send_marked (payload_id, attempt, at) "
        "SELECT payload_id, attempt + 1, at FROM send_marked WHERE payload_id IN (SELECT payload_id FROM send_lapsed)"
    )
    hurt(told, again)
    assert "I7" not in told.broken_promises()
    hurt(told, "UPDATE conformance SET orders_seen = 2")
    assert "I7" in told.broken_promises()


def test_an_order_that_waits_and_may_have_left_is_red(told: Play) -> None:
    hurt(told, "DELETE FROM send_lapsed", "UPDATE send_result SET outcome = 'in_doubt' WHERE may_have_left")
    hurt(told, "UPDATE outbox SET state = 'pending' WHERE request_no = 'PR0004'")
    assert {"I10", "I11"} & set(told.broken_promises())


def test_a_result_that_depends_on_the_order_of_facts_is_red(told: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_arrival(history: RequestHistory, *rest: Any) -> Reconciled | None:  # noqa: ANN401 - as compute
        result = compute(history, *rest)
        last = history.marks[-1].attempt if history.marks else 0
        return None if result is None else replace(result, next_due_at=last)

    monkeypatch.setattr(projections, "compute", by_arrival)
    assert "PR0002" in told.broken_promises()["I4"]


def test_a_result_that_depends_on_the_clock_is_red(told: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_clock(history: RequestHistory, policies: Policies, as_of: int, *rest: Any) -> Reconciled | None:  # noqa: ANN401
        result = compute(history, policies, as_of, *rest)
        return None if result is None else replace(result, outbox_state=str(as_of))

    monkeypatch.setattr(projections, "compute", by_clock)
    assert "depends on the clock" in told.broken_promises()["I24"]


def test_a_document_that_the_last_sync_left_unread_is_red_unless_a_person_has_it_read_again(told: Play) -> None:
    hurt(told, "UPDATE document_state SET state = 'received' WHERE state = 'dismissed'")
    assert told.broken_promises() == {}
    with told.engine.begin() as connection:
        runs.open_run(connection, "a-run-of-dagster", told.now, told.now)
        runs.close_run(connection, "a-run-of-dagster", {}, told.now)
    assert list(told.broken_promises()) == ["I16"]
    number = told.broken_promises()["I16"].split()[1]
    each(told.engine, lambda c: runs.audit(c, told.now, "ann", "quarantine redrive", number))
    assert told.broken_promises() == {}


@pytest.mark.parametrize("place", ["audit", "order_body"])
def test_a_secret_that_was_kept_is_red_and_not_repeated(
    told: Play, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("PUNCHOUT_TEST_SECRET", "canary-of-verify")
    play = told.under(supplier={"shared_secret": "env:PUNCHOUT_TEST_SECRET"})
    assert play.broken_promises() == {}
    if place == "audit":
        each(play.engine, lambda c: runs.audit(c, 1, "ann", "x", "y", "said canary-of-verify aloud"))
    else:
        order = {"payload_id": FIRST.payload_id, "body": b"<SharedSecret>canary-of-verify</SharedSecret>"}
        each(
            play.engine,
            lambda c: c.execute(sa.update(ORDER_BODY).where(ORDER_BODY.c.payload_id == FIRST.payload_id).values(order)),
        )
    assert play.broken_promises()["I19"] == f"a secret stands in {place}"


def test_a_file_that_others_can_read_is_red(told: Play) -> None:
    told.settings.report.out_dir.mkdir(parents=True)
    page = told.settings.report.out_dir / "tracking.html"
    page.write_text("<html/>")
    page.chmod(0o640)
    assert told.broken_promises() == {}
    page.chmod(0o644)
    assert list(told.broken_promises()) == ["I20"]


def test_a_line_in_two_live_orders_is_red(told: Play) -> None:
    hurt(
        told,
        "INSERT INTO outbox (payload_id, company, supplier, request_no, order_id, state, epoch, attempt) "
        "SELECT 'another', company, supplier, request_no, '4711', 'draft', 0, 0 FROM outbox "
        "WHERE request_no = 'PR0001'",
    )
    columns = [column.name for column in METADATA.tables["order_line"].columns if column.name != "payload_id"]
    listed = ", ".join(columns)
    hurt(
        told,
        f"INSERT INTO order_line (payload_id, {listed}) SELECT 'another', {listed} FROM order_line "  # noqa: S608
        f"WHERE payload_id = (SELECT payload_id FROM order_queued WHERE request_no = 'PR0001')",
    )
    assert "I8" in told.broken_promises()


def test_an_attempt_whose_worker_is_gone_is_red_until_it_is_given_up(told: Play) -> None:
    values = {"state": "sending", "lease_until": 1}
    each(told.engine, lambda c: c.execute(sa.update(OUTBOX).where(OUTBOX.c.request_no == "PR0001").values(values)))
    assert list(told.broken_promises()) == ["I13"]


def test_a_request_that_waits_to_be_computed_is_not_blamed(told: Play) -> None:
    hurt(told, "UPDATE line_position SET accepted = accepted + 1 WHERE request_no = 'PR0001'")
    each(told.engine, lambda connection: touch(connection, [FIRST.key]))
    assert told.broken_promises() == {}


def _delete_one(play: Play, table: str, where: str) -> None:
    columns = [column.name for column in METADATA.tables[table].primary_key.columns]
    key = ", ".join(columns)
    hurt(
        play,
        f'DELETE FROM "{table}" WHERE ({key}) = (SELECT {key} FROM "{table}" WHERE {where} ORDER BY {key} LIMIT 1)',  # noqa: S608
    )
