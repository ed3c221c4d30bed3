"""No field that may speak of a person is overlooked, and nothing is erased that the ledger computes with."""

import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from punchout.model.answers import StatusUpdate
from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.documents import Cart, CartLine, Confirmation, Invoice, Response, ShipNotice
from punchout.model.history import RequestHistory, Source, Stated
from punchout.model.invoice_documents import InvoicePartner
from punchout.model.keys import RequestKey
from punchout.model.order_documents import Location, OrderRequest, PaymentId
from punchout.model.orders import Address, OrderedLine, OrderQueued
from punchout.model.sessions import SessionAnswered, SessionOpened, SessionReturned
from punchout.model.values import Comment, Extrinsic, Number, PartId
from punchout.reconciliation.personal_data import (
    PERSONAL,
    history_without_personal_data,
    without_personal_data,
)

KEPT = (Cart, OrderRequest, Confirmation, ShipNotice, Invoice, StatusUpdate, Response, BcRequest, BcOrder)
OURS = (OrderQueued, SessionOpened, SessionAnswered, SessionReturned)
SPEAKS_OF_PEOPLE = (Comment, Extrinsic, Location, Address, InvoicePartner, PaymentId)
NAMES = ("email", "contact", "ship_to", "bill_to", "deliver_to", "street", "city", "post_code", "user", "message")


def records(record: type) -> Iterator[tuple[type, str, tuple[type, ...]]]:
    """Give every field of a record and of its parts, with the classes in its type."""
    for name, hint in typing.get_type_hints(record).items():
        classes = tuple(each for each in _leaves(hint) if isinstance(each, type))
        yield record, name, classes
        if name not in PERSONAL.get(record, ()):
            for each in classes:
                if is_dataclass(each):
                    yield from records(each)


def _leaves(hint: object) -> Iterator[object]:
    inner = typing.get_args(hint)
    yield from (leaf for each in inner for leaf in _leaves(each)) if inner else (hint,)


@pytest.mark.parametrize("record", [*KEPT, *OURS])
def test_every_field_that_may_speak_of_a_person_is_erased(record: type) -> None:
    overlooked = [
        (of.__name__, name)
        for of, name, classes in records(record)
        if (set(classes) & set(SPEAKS_OF_PEOPLE) or any(word in name for word in NAMES))
        and name not in PERSONAL.get(of, ())
    ]
    assert overlooked == []


@pytest.mark.parametrize("record", PERSONAL)
def test_every_field_that_is_listed_is_one_of_the_record(record: type) -> None:
    assert set(PERSONAL[record]) <= {field.name for field in fields(record)}


def test_texts_go_and_codes_of_parts_stay() -> None:
    line = CartLine(
        ordinal=1,
        quantity=Number("1", 1_000_000),
        part=PartId("B1", "aux"),
        description="A book",
        comments=(Comment("type", "for Jane"),),
        extrinsics=(Extrinsic("Manufacturer Part ID", "M-1"), Extrinsic("Requester", "Jane")),
    )
    erased = without_personal_data(Cart(buyer_cookie="c", lines=(line,), comments=(Comment(None, "Jane"),)))
    assert "Jane" not in repr(erased)
    assert erased.lines[0].extrinsics == (Extrinsic("Manufacturer Part ID", "M-1"),)
    assert (erased.buyer_cookie, erased.lines[0].description, erased.lines[0].part) == ("c", "A book", line.part)


def test_erasing_twice_erases_nothing_more() -> None:
    once = without_personal_data(SessionOpened(buyer_cookie="c", payload_id="p", at=1, expires=2, user="Jane"))
    assert (once.user, without_personal_data(once)) == (None, once)


def test_a_history_loses_what_its_facts_lose_and_keeps_where_they_came_from() -> None:
    request = Stated(
        Source(1, "0" * 64, None, 1), BcRequest(number="PR1", status="open", requester_email="j@x.example")
    )
    history = RequestHistory(key=RequestKey("C", "S", "PR1"), requests=(request,))
    erased = history_without_personal_data(history)
    assert (erased.requests[0].source, erased.requests[0].body.requester_email) == (request.source, None)


def test_lines_of_an_order_of_ours_lose_their_extrinsics() -> None:
    line = OrderedLine(
        line_number=1, bc_line_number=None, po_sequence=None, cart_position=None, supplier_part_id="B1",
        supplier_part_aux_id=None, quantity=1, unit="EA", unit_price=1, currency="USD", description="A book",
        extrinsics=(Extrinsic("Requester", "Jane"),),
    )  # fmt: skip
    assert without_personal_data(line).extrinsics == ()
