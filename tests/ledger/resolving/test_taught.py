"""Documents that name no order of ours find it by what other documents call their things, and lose it with those."""

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from punchout.ledger.resolving.resolve import Known, learn, recheck_waiting, resolve
from punchout.ledger.resolving.teaching import ask_learners, teachers
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.ledger.upkeep.rebuild import rebuild
from tests.support.deliveries import payload_of
from tests.support.later_words import about, without_orders
from tests.support.ledgers import each, rows
from tests.support.plays import Play
from tests.support.stories import FIRST, SECOND, UNKNOWN, confirmed

SUPPLIER_ORDER = '<SupplierOrderInfo orderID="111-PR0001"/>'
SHIPPED = FIRST.ship_notice("S1", (1, "3"))
BILLED = FIRST.invoice("I1", (1, "3"))
SHIPMENT_ONLY = FIRST.nameless(FIRST.invoice("I2", (1, "1"))).saying(
    '<InvoiceDetailItemReference lineNumber="1"/><ShipNoticeIDInfo shipNoticeID="S1"/>',
    instead_of='<InvoiceDetailItemReference lineNumber="1"/>',
)
CREDIT_ONLY = FIRST.nameless(FIRST.invoice("C1", (1, "-1"), purpose="lineLevelCreditMemo"))


NAMELESS_CREDIT = about(without_orders(FIRST.invoice("C9", purpose="creditMemo")), invoice_id="I1")


def placed_by(play: Play, name: str) -> tuple[str, str, str | None]:
    """Give request, rule and identifier of the one portion of a document."""
    document = payload_of(name)
    query = (
        sa.select(ASSIGNMENT)
        .join(sa.table("document_envelope", sa.column("document_id"), sa.column("payload_id")), sa.text("1 = 1"))
        .where(sa.text("document_envelope.document_id = assignment.document_id"))
        .where(sa.text("document_envelope.payload_id = :payload").bindparams(payload=document))
    )
    (row,) = rows(play.engine, query)
    return str(row["request_no"]), str(row["rule"]), None if row["found_by"] is None else str(row["found_by"])


def waiting(play: Play) -> int:
    return int(play.status()["documents"]["waiting"])


CASES = {
    "a number written in another way": (
        FIRST.confirmation("111-9", (1, "detail", "1")).saying(
            'orderID="PO-0106001"><DocumentReference payloadID="?"/>',
            instead_of=f'orderID="106001"><DocumentReference payloadID="{FIRST.payload_id}"/>',
        ),
        [],
        ("PR0001", "O3", "order_form 106001"),
        "PR0001-confirmation-111-9-new",
    ),
    "the supplier's order in the confirmation's update": (
        FIRST.nameless(FIRST.confirmation("111-PR0001", (1, "detail", "2"), notice="04T10:00", operation="update")),
        [confirmed()],
        ("PR0001", "O4", "confirm 111-PR0001"),
        "PR0001-confirmation-111-PR0001-update",
    ),
    "the supplier's order in the invoice": (
        FIRST.nameless(FIRST.invoice("I2", (1, "1")), in_place_of_order=SUPPLIER_ORDER),
        [confirmed()],
        ("PR0001", "O4", "confirm 111-PR0001"),
        "PR0001-invoice-I2-standard",
    ),
    "the supplier's order in a comment": (
        FIRST.nameless(FIRST.ship_notice("S2", (1, "1"))).saying(
            '<ShipNoticePortion><OrderReference/><Comments type="confirmID"> 111-PR0001 </Comments>',
            instead_of="<ShipNoticePortion><OrderReference/>",
        ),
        [confirmed()],
        ("PR0001", "O4", "confirm 111-PR0001"),
        "PR0001-shipment-S2-new",
    ),
    "the shipment in the invoice": (
        SHIPMENT_ONLY,
        [SHIPPED],
        ("PR0001", "O5", "shipment S1"),
        "PR0001-invoice-I2-standard",
    ),
    "the shipment's own deletion": (
        FIRST.nameless(FIRST.ship_notice("S1", (1, "3"), operation="delete")),
        [SHIPPED],
        ("PR0001", "O5", "shipment S1"),
        "PR0001-shipment-S1-delete",
    ),
    "the parcel": (
        FIRST.nameless(FIRST.ship_notice("S9", (1, "1")).saying("1ZS1", instead_of="1ZS9")),
        [SHIPPED],
        ("PR0001", "O5", "tracking 1ZS1"),
        "PR0001-shipment-S9-new",
    ),
    "the invoice that is credited": (
        about(CREDIT_ONLY, invoice_id="I1"),
        [BILLED],
        ("PR0001", "O6", "original I1"),
        "PR0001-invoice-C1-lineLevelCreditMemo",
    ),
    "the invoice's payloadID": (
        about(CREDIT_ONLY, payload_id=payload_of("PR0001-invoice-I1-standard")),
        [BILLED],
        ("PR0001", "O6", "original_payload PR0001-invoice-I1-standard@amazon.example"),
        "PR0001-invoice-C1-lineLevelCreditMemo",
    ),
    "the invoice that is deleted": (
        FIRST.nameless(FIRST.invoice("I1", (1, "3"), operation="delete", payload_id="gone@amazon.example")),
        [BILLED],
        ("PR0001", "O6", "original I1"),
        None,
    ),
    "two steps away": (
        about(CREDIT_ONLY, invoice_id="I2"),
        [SHIPMENT_ONLY, SHIPPED],
        ("PR0001", "O6", "original I2"),
        "PR0001-invoice-C1-lineLevelCreditMemo",
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("first", ["what is looked for", "what teaches it"])
def test_a_document_without_our_numbers_is_found_its_order_by(play: Play, name: str, first: str) -> None:
    document, teachers, expected, document_name = CASES[name]
    for batch in ([document], teachers) if first == "what is looked for" else (teachers, [document]):
        play.take_in(*batch)
    assert waiting(play) == 1 + len(teachers)
    play.sync(*FIRST.exported())
    assert waiting(play) == 0
    if document_name is not None:
        assert placed_by(play, document_name) == expected
    assert play.broken_promises() == {}


def test_a_credit_without_any_order_finds_the_invoice_it_is_about_and_is_never_dropped(play: Play) -> None:
    play.take_in(*FIRST.exported(), NAMELESS_CREDIT)
    assert [one["code"] for one in play.status()["document_exceptions"]] == ["ORDER_NOT_FOUND"]
    play.take_in(BILLED)
    assert waiting(play) == 0
    assert "CREDIT_HEADER_ONLY" in play.request()["exceptions"]


def test_what_belongs_to_two_orders_finds_neither(play: Play) -> None:
    other = SECOND.ship_notice("S1", (1, "1")).data.decode()
    portion = other[other.index("<ShipNoticePortion>") : other.index("</ShipNoticeRequest>")]
    both = SHIPPED.saying(f"</ShipNoticePortion>{portion}", instead_of="</ShipNoticePortion>")
    play.take_in(*FIRST.exported(), *SECOND.exported(), both, SHIPMENT_ONLY)
    assert [one["code"] for one in play.status()["document_exceptions"]] == ["ORDER_REF_CONFLICT"]


@pytest.mark.parametrize("how", ["it is deleted", "another version says otherwise"])
def test_what_a_document_taught_is_withdrawn_when(play: Play, how: str) -> None:
    if how == "it is deleted":
        play.take_in(*FIRST.exported(), SHIPPED, SHIPMENT_ONLY)
        withdrawal = FIRST.ship_notice("S1", (1, "3"), notice="05T09:00", operation="delete")
    else:
        split = FIRST.confirmation("111-1", (1, "detail", "3")).saying(
            '<UnitOfMeasure>EA</UnitOfMeasure><Comments type="confirmID">111-PR0001</Comments></ConfirmationStatus>',
            instead_of="<UnitOfMeasure>EA</UnitOfMeasure></ConfirmationStatus>",
        )
        play.take_in(*FIRST.exported(), split, CASES["the supplier's order in the invoice"][0])
        withdrawal = FIRST.confirmation("111-1", (1, "detail", "3"), notice="05T09:00", operation="update")
    assert waiting(play) == 0
    before = play.request()["lines"][0]["invoiced"]
    play.take_in(withdrawal)
    assert (before, play.request()["lines"][0]["invoiced"], waiting(play)) == ("1", "0", 1)


def test_what_a_document_taught_moves_with_it_to_another_order(play: Play) -> None:
    torn = SHIPPED.saying(f'orderID="{SECOND.order_id}"', instead_of=f'orderID="{FIRST.order_id}"')
    torn = torn.saying("", instead_of=f'<DocumentReference payloadID="{FIRST.payload_id}"/>')
    play.take_in(*SECOND.exported(), torn, SHIPMENT_ONLY)
    assert play.request("PR0002")["lines"][0]["invoiced"] == "1"
    play.take_in(*FIRST.exported(), SHIPPED.saying("S2", instead_of="S1"))
    assert play.request("PR0002")["lines"][0]["invoiced"] == "1"


def test_a_firmer_identifier_that_is_learned_later_takes_the_document_away(play: Play) -> None:
    invoice = SECOND.invoice("I2", (1, "1")).saying(
        '<InvoiceDetailItemReference lineNumber="1"/><ShipNoticeIDInfo shipNoticeID="S1"/>',
        instead_of='<InvoiceDetailItemReference lineNumber="1"/>',
    )
    play.take_in(*FIRST.exported(), SHIPPED, invoice)
    assert placed_by(play, "PR0002-invoice-I2-standard")[:2] == ("PR0001", "O5")
    play.take_in(*SECOND.exported())
    assert placed_by(play, "PR0002-invoice-I2-standard")[:2] == ("PR0002", "O2")


def test_a_credit_that_refers_to_a_repetition_of_the_invoice_is_found_its_order(play: Play) -> None:
    again = FIRST.invoice("I1", (1, "3"), payload_id="again@amazon.example")
    credit = about(CREDIT_ONLY, payload_id="again@amazon.example")
    play.take_in(*FIRST.exported(), credit, BILLED)
    assert waiting(play) == 1
    play.take_in(again)
    assert waiting(play) == 0
    assert play.request()["lines"][0]["credited"] == "1"


@pytest.mark.parametrize("first", ["the original", "the repetition"])
def test_an_update_may_refer_to_either_payload_id_of_one_content(play: Play, first: str) -> None:
    again = FIRST.confirmation("111-1", (1, "detail", "3"), notice="04T10:00", payload_id="again@amazon.example")
    original = FIRST.confirmation("111-1", (1, "detail", "3"), notice="04T10:00")
    older = FIRST.confirmation(
        "111-1", (1, "detail", "2"), notice="03T10:00", operation="update", previous="again@amazon.example"
    )
    play.take_in(*FIRST.exported(), older)
    copies = (original, again) if first == "the original" else (again, original)
    for copy in copies:
        play.take_in(copy)
    assert play.request()["lines"][0]["accepted"] == "2"


def test_a_rebuilt_ledger_places_them_again(play: Play) -> None:
    play.take_in(*FIRST.exported(), confirmed(), SHIPPED, BILLED)
    play.take_in(*(case[0] for case in CASES.values() if case[3] != "PR0001-confirmation-111-PR0001-update"))
    before, grown = rows(play.engine, ASSIGNMENT), play.hash()
    each(play.engine, rebuild)
    play.exchange().settle()
    assert (play.hash(), sorted(map(repr, rows(play.engine, ASSIGNMENT)))) == (grown, sorted(map(repr, before)))


def test_nothing_is_asked_again_once_everything_is_settled(play: Play) -> None:
    play.take_in(*FIRST.exported(), confirmed(), SHIPPED, BILLED, SHIPMENT_ONLY, about(CREDIT_ONLY, invoice_id="I1"))
    assert {row["resolution"] for row in rows(play.engine, DOCUMENT_STATE)} == {"resolved", "inferred"}
    with play.engine.begin() as connection:
        assert recheck_waiting(connection) == 0


def test_what_documents_teach_is_looked_up_by_index(play: Play) -> None:
    if play.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the sizes of tables, and these are small")
    play.take_in(*FIRST.exported(), confirmed(), SHIPPED, BILLED, confirmed(UNKNOWN), SHIPMENT_ONLY)
    asked: list[tuple[str, Sequence[object]]] = []
    with play.engine.begin() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
        for rank, kind in ((2, "confirm"), (3, "shipment"), (4, "original"), (4, "original_payload")):
            teachers(connection, rank, [(FIRST.key.account, (kind, value)) for value in ("S1", "I1", "x")])
        ask_learners(connection, {1, 2}, {FIRST.key})
        plans = [row[3] for one, values in asked for row in _plan(connection, one, values)]
    # What is looked for stands in the statement as a list of its own.
    assert [plan for plan in plans if plan.startswith("SCAN") and not plan.startswith("SCAN json_each ")] == []
    assert len(asked) > 10


def _plan(connection: sa.Connection, statement: str, values: Sequence[object]) -> list[tuple[int, int, int, str]]:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    return list(raw.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values))


def test_a_teacher_and_a_learner_that_are_resolved_side_by_side_find_each_other(play: Play) -> None:
    if play.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    play.take_in(*FIRST.exported())
    play.deliver(SHIPPED)
    play.exchange().parse()
    with play.engine.begin() as first:
        resolve(first, 10)
        play.deliver(SHIPMENT_ONLY)
        play.exchange().parse()
        second = threading.Thread(target=each, args=(play.engine, lambda connection: resolve(connection, 10)))
        second.start()
        # Long enough to be through, were there nothing to wait for.
        second.join(timeout=1)
    second.join()
    assert waiting(play) == 0


def test_a_document_whose_number_becomes_known_side_by_side_with_a_weaker_guess_goes_where_it_belongs(
    play: Play,
) -> None:
    if play.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    invoice = SECOND.invoice("I2", (1, "1")).saying(
        '<InvoiceDetailItemReference lineNumber="1"/><ShipNoticeIDInfo shipNoticeID="S1"/>',
        instead_of='<InvoiceDetailItemReference lineNumber="1"/>',
    )
    play.take_in(*FIRST.exported(), SHIPPED)
    play.deliver(invoice)
    play.exchange().parse()
    with play.engine.begin() as resolving:
        resolve(resolving, 10)
        each(play.engine, lambda learning: learn(learning, [Known("order", SECOND.order_id, SECOND.key)]))
    assert placed_by(play, "PR0002-invoice-I2-standard")[:2] == ("PR0001", "O5")
    each(play.engine, recheck_waiting)
    play.exchange().settle()
    assert placed_by(play, "PR0002-invoice-I2-standard")[:2] == ("PR0002", "O2")
    with play.engine.begin() as connection:
        assert recheck_waiting(connection) == 0
