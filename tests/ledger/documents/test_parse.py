"""Judging documents: each bad one ends as one row with a reason and a place, and the good ones count."""

import dataclasses
import hashlib

import pytest
import sqlalchemy as sa

from cxml_parsers.reader import KINDS, read
from punchout.ledger.documents import quarantine
from punchout.ledger.fact_rows import CXML_KINDS
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE, REFERENCE
from punchout.model.codes import Code
from tests.cxml_parsers.documents import FULL_DOCUMENTS
from tests.support.bc_exports import without
from tests.support.deliveries import Delivery, cxml
from tests.support.later_words import status_update
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.purchases import (
    Item,
    document,
    requests_export,
)
from tests.support.stories import FIRST, HTML_PAGE, SECOND, STRAY, UNKNOWN, confirmed

XXE = cxml(
    "xxe.xml",
    confirmed().data.replace(
        b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">',
        b'<!DOCTYPE cXML [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ),
)
TRUNCATED = cxml("half.xml", confirmed().data[:-200])
QUOTE = document("quote", '<Request deploymentMode="production"><QuoteRequest/></Request>')
SHIPPED_NOWHERE = FIRST.ship_notice("S9", (77, "1"))
# Not to be compressed: PostgreSQL takes no text above 2,700 bytes into an index.
LONG = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(200))

BAD = {
    "truncated": (TRUNCATED, Code.XML_REJECTED, "line "),
    "an HTML page": (HTML_PAGE, Code.XML_REJECTED, "line "),
    "an external entity": (XXE, Code.XML_REJECTED, "line "),
    "nothing": (cxml("empty.xml", b""), Code.XML_REJECTED, ""),
    "not XML": (cxml("report.pdf", b"%PDF-1.7\n\xff\xfe"), Code.XML_REJECTED, ""),
    "another sender": (
        document("forged", "<Request><ConfirmationRequest/></Request>", sender="Mallory"),
        Code.STRUCT_INVALID,
        "/cXML",
    ),
    "a kind that is not processed": (QUOTE, Code.DOC_UNSUPPORTED, "/cXML/Request/QuoteRequest"),
    "a quantity that is no number": (
        confirmed().saying('quantity="three"', instead_of='quantity="3"'),
        Code.STRUCT_INVALID,
        "/cXML/Request/ConfirmationRequest/ConfirmationItem",
    ),
    "a quantity beyond all bounds": (
        confirmed().saying('quantity="1234567890123"', instead_of='quantity="3"'),
        Code.NUMBER_RANGE,
        "/cXML/Request/ConfirmationRequest/ConfirmationItem",
    ),
    "a time that is none": (
        confirmed().saying('noticeDate="soon"', instead_of='noticeDate="2026-03-03T10:00:00+00:00"'),
        Code.TS_INVALID,
        "/cXML/Request/ConfirmationRequest/ConfirmationHeader",
    ),
    "a test document": (
        confirmed().saying('deploymentMode="test"', instead_of='deploymentMode="production"'),
        Code.ENV_MISMATCH,
        "/cXML/*/@deploymentMode",
    ),
}
GOOD = FIRST.ship_notice("S1", (1, "3"))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_ends_as_one_row_with_reason_and_place_and_the_good_one_counts(placed: Play, name: str) -> None:
    bad, reason, place = BAD[name]
    placed.sync(bad, GOOD)
    with placed.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert refused.reason is reason
    assert (refused.place or "").startswith(place)
    assert refused.names == (bad.name,)
    assert placed.request()["lines"][0]["shipped"] == "3"
    assert placed.status()["documents"]["quarantined"] == {reason: 1}


@pytest.mark.parametrize("kind", sorted(KINDS - CXML_KINDS))
def test_a_kind_that_can_be_read_and_has_no_tables_is_told_as_one_that_is_not_processed(play: Play, kind: str) -> None:
    data = next(data for data in FULL_DOCUMENTS.values() if read(data).envelope.kind == kind)
    play.sync(cxml("other.xml", data))
    with play.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert (refused.reason, refused.kind) == (Code.DOC_UNSUPPORTED, kind)


def test_a_document_from_an_identity_that_is_not_accepted_is_refused(placed: Play) -> None:
    forged = confirmed().saying("<Identity>Mallory</Identity>", instead_of="<Identity>Amazon</Identity>")
    placed.sync(forged)
    with placed.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert (refused.reason, refused.place) == (Code.AUTH_FAILED, "/cXML/Header/From")
    assert placed.request()["stage"] == "PO Sent"


def test_an_order_is_accepted_from_ourselves_and_from_nobody_else(play: Play) -> None:
    play.take_in(*FIRST.exported(), FIRST.order_request(payload_id="1@bc"))
    play.take_in(SECOND.order_request(sender="Amazon"), STRAY.order_request(sender="Mallory"))
    found = rows(play.engine, sa.select(DOCUMENT_STATE).where(DOCUMENT_STATE.c.document_id > 2).order_by("document_id"))
    assert [row["reason"] for row in found] == [None, "AUTH_FAILED", "AUTH_FAILED"]


OURSELVES = "ContosoPunchout"
FROM_OURSELVES = {
    "a confirmation": FIRST.confirmation("111-1", (1, "detail", "3"), sender=OURSELVES),
    "a ship notice": FIRST.ship_notice("S1", (1, "3"), sender=OURSELVES),
    "an invoice": FIRST.invoice("I1", (1, "3"), sender=OURSELVES),
    "a cart": FIRST.cart(sender=OURSELVES),
    "a status update": status_update("1@bc", 200, sender=OURSELVES),
}


@pytest.mark.parametrize("name", FROM_OURSELVES)
def test_what_the_supplier_sends_is_not_accepted_from_ourselves(play: Play, name: str) -> None:
    play.take_in(FROM_OURSELVES[name])
    with play.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert refused.reason is Code.AUTH_FAILED


def test_without_an_identity_of_our_own_no_order_is_accepted(play: Play) -> None:
    nobody = Play(play.engine, play.settings.home, supplier={"our_identity": None})
    nobody.take_in(FIRST.order_request())
    with play.engine.connect() as connection:
        assert [one.reason for one in quarantine.listed(connection)] == [Code.AUTH_FAILED]


def test_any_credential_of_a_document_may_be_the_accepted_one(placed: Play) -> None:
    own = '<Credential domain="DUNS"><Identity>128990368</Identity></Credential><Credential domain="networkid">'
    placed.sync(confirmed().saying(f"<From>{own}", instead_of='<From><Credential domain="NetworkId">'))
    assert placed.request()["stage"] == "Order Confirmed"


def test_a_document_without_a_deployment_mode_means_production(placed: Play) -> None:
    placed.sync(confirmed().saying("<Request>", instead_of='<Request deploymentMode="production">'))
    assert placed.request()["stage"] == "Order Confirmed"


def test_quarantined_documents_leave_no_facts_and_no_references(play: Play) -> None:
    play.sync(*(bad for bad, _, _ in BAD.values()))
    assert rows(play.engine, REFERENCE) == []


def test_a_refused_document_keeps_its_kind_as_far_as_it_could_be_read(play: Play) -> None:
    play.sync(BAD["a quantity that is no number"][0], HTML_PAGE)
    with play.engine.connect() as connection:
        assert [one.kind for one in quarantine.listed(connection)] == ["ConfirmationRequest", None]


def test_a_document_about_an_unknown_order_is_accepted_and_waits(play: Play) -> None:
    play.sync(confirmed(UNKNOWN))
    status = play.status()
    assert status["documents"] == {"accepted": 0, "waiting": 1, "duplicate": 0, "quarantined": {}}
    assert [one["code"] for one in status["document_exceptions"]] == ["ORDER_NOT_FOUND"]


def test_a_line_that_is_not_in_the_order_is_one_exception_of_the_request(placed: Play) -> None:
    placed.later(24 * 7)
    placed.sync(SHIPPED_NOWHERE, GOOD)
    request = placed.request()
    assert request["exceptions"] == ["LINE_NOT_FOUND"]
    assert [line["shipped"] for line in request["lines"]] == ["3", "0"]


def test_an_export_with_a_missing_column_applies_none_of_its_rows(play: Play) -> None:
    broken = requests_export(FIRST.row(), without(SECOND.row(), "buyerCookie"), name="broken.json")
    play.sync(broken, requests_export(SECOND.row(), name="good.json"))
    with play.engine.connect() as connection:
        (refused,) = quarantine.listed(connection)
    assert (refused.reason, refused.place) == (Code.EXPORT_INVALID, "value[1].buyerCookie")
    assert [request["request_no"] for request in play.status()["requests"]] == ["PR0002"]


@pytest.mark.parametrize(
    "poison",
    [
        requests_export(FIRST.row(requesterEmail="a\0b"), name="nul.json"),
        requests_export(FIRST.row(requesterEmail="\ud800"), name="half.json"),
        requests_export(FIRST.row(), FIRST.row(), name="twice.json"),
        requests_export(FIRST.row(number=LONG), name="long.json"),
        confirmed(dataclasses.replace(FIRST, order_id=LONG)),
        FIRST.confirmation(LONG, (1, "detail", "3")),
        FIRST.ship_notice(LONG, (2, "1")),
        FIRST.invoice(LONG, (1, "3")),
        FIRST.confirmation("111-1", (1, "detail", "3"), payload_id=LONG),
        dataclasses.replace(SECOND, items=(Item(LONG, LONG, "1", "1.00"),)).cart(),
        document("answer", '<Response><Status code="200" text="OK"/></Response>', payload_id=LONG),
        document("unsupported", "<Request><Nothing/></Request>", payload_id=LONG),
        FIRST.ship_notice("S9", (2, "1")).saying(LONG, instead_of="1ZS9"),
        SHIPPED_NOWHERE.saying('lineNumber="99999999999999999999"', instead_of='lineNumber="77"'),
    ],
    ids=lambda delivery: delivery.name,
)
def test_a_poisonous_value_stops_nothing(placed: Play, poison: Delivery) -> None:
    placed.sync(poison, GOOD)
    assert placed.request()["lines"][0]["shipped"] == "3"
    assert {str(one["state"]) for one in rows(placed.engine, DOCUMENT_STATE)} <= {"accepted", "quarantined"}


def test_work_is_taken_in_transactions_of_the_given_size(play: Play) -> None:
    play.deliver(*(confirmed().again(f"{n}.xml") for n in range(3)), GOOD, HTML_PAGE)
    counted = play.exchange().parse()
    assert (counted.total, counted.accepted, counted.quarantined) == (3, 2, {"XML_REJECTED": 1})


def test_what_the_dtd_says_is_noted_where_the_settings_ask_for_it(play: Play) -> None:
    documents = play.settings.documents
    documents.dtd_dir.mkdir(parents=True)
    (documents.dtd_dir / "Fulfill.dtd").write_bytes(b"<!ELEMENT cXML EMPTY>")
    play.sync(confirmed())
    asked = documents.model_copy(update={"check_dtd": True})
    play.settings = play.settings.model_copy(update={"documents": asked})
    play.sync(GOOD)
    notes = [str(one["notes"]) for one in rows(play.engine, DOCUMENT_ENVELOPE)]
    assert ["Fulfill.dtd: " in of_document for of_document in notes] == [False, True]
    assert {str(one["state"]) for one in rows(play.engine, DOCUMENT_STATE)} == {"accepted"}
