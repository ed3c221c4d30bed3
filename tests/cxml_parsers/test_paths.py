"""Ordinals and field names lead back to the place in the document that the value was read from."""

import dataclasses
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from lxml import etree

from cxml_parsers.paths import path_of
from cxml_parsers.reader import read
from punchout.model import answers, documents, order_documents
from punchout.model.moments import Moment
from punchout.model.values import Comment, Money, Number, OrderReference, PartId
from tests.cxml_parsers.documents import FULL_DOCUMENTS, HEADER_INVOICE

Thing: TypeAlias = Any

_RECORDS = (
    documents.Envelope, documents.Cart, documents.CartLine, documents.Confirmation, documents.ConfirmationItem,
    documents.ConfirmationStatus, documents.ShipNotice, documents.ShipPortion, documents.ShipItem, documents.Invoice,
    documents.InvoiceOrder, documents.InvoiceLine, documents.InvoiceService, documents.Response, answers.StatusUpdate,
    answers.SetupResponse, answers.ProfileResponse, answers.ProfileTransaction, order_documents.OrderRequest,
    order_documents.OrderRequestLine, order_documents.Distribution, order_documents.Payment,
)  # fmt: skip
# What is a place in a record's tree and not a value that a document states.
_NOT_STATED = {(record, "ordinal") for record in _RECORDS} | {
    (documents.Envelope, "kind"),
    (answers.StatusUpdate, "subject"),
}


def _walk(record: Thing, ordinals: tuple[int, ...]) -> Iterator[tuple[type, tuple[int, ...], str, Thing]]:
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if (type(record), field.name) not in _NOT_STATED:
            yield type(record), ordinals, field.name, value
        if isinstance(value, OrderReference | PartId):
            for part in dataclasses.fields(value):
                yield type(record), ordinals, f"{field.name}.{part.name}", getattr(value, part.name)
        if isinstance(value, tuple):
            for child in value:
                if hasattr(child, "ordinal"):
                    yield from _walk(child, (*ordinals, child.ordinal))


def _stated_as(value: Thing) -> str:
    if isinstance(value, Moment | Number | Money | Comment):
        return value.text
    return "yes" if value is True else str(value)


def _found_text(found: Thing) -> str:
    return str(found) if isinstance(found, str) else "".join(found.itertext())


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_the_path_of_every_field_leads_to_the_value_that_was_read(name: str) -> None:
    data = FULL_DOCUMENTS[name]
    parsed = read(data)
    root = etree.fromstring(data)
    fields = [*_walk(parsed.envelope, ()), *_walk(parsed.body, ())]
    # No envelope has everything: an answer has no Header, a request no Status.
    fields = [field for field in fields if field[0] is not documents.Envelope or field[3] not in (None, ())]
    for record, ordinals, field, value in fields:
        found: Thing = root.xpath(path_of(record, ordinals, field))
        where = f"{record.__name__}{ordinals}.{field}"
        if isinstance(value, tuple):
            assert len(found) == len(value) > 0, where
        elif isinstance(value, OrderReference | PartId | order_documents.Location):
            assert [type(each) for each in found] == [type(root)], where
        else:
            assert [_found_text(each) for each in found] == [_stated_as(value)], where


def test_the_full_documents_state_every_field_of_every_record() -> None:
    stated = {
        (record, field)
        for parsed in map(read, FULL_DOCUMENTS.values())
        for part in (parsed.envelope, parsed.body)
        for record, _, field, value in _walk(part, ())
        if value not in (None, (), False)
    }
    every = {(record, field.name) for record in _RECORDS for field in dataclasses.fields(record)} - _NOT_STATED
    assert every - stated == set()


def test_the_path_of_a_status_counts_items_and_statuses() -> None:
    path = path_of(documents.ConfirmationStatus, (2, 1), "quantity")
    assert path == "/cXML/Request/ConfirmationRequest/ConfirmationItem[2]/ConfirmationStatus[1]/@quantity"


def test_the_path_of_a_record_itself_needs_no_field() -> None:
    assert path_of(documents.CartLine, (3,)) == "/cXML/Message/PunchOutOrderMessage/ItemIn[3]"


def test_a_header_invoice_has_its_own_name_for_orders() -> None:
    root = etree.fromstring(HEADER_INVOICE)
    path = path_of(documents.InvoiceOrder, (2,), "order.order_id", header_invoice=True)
    assert root.xpath(path) == ["106002"]


def test_a_wrong_number_of_ordinals_is_an_error() -> None:
    with pytest.raises(ValueError, match="has 2 ordinals, not 1"):
        path_of(documents.ShipItem, (1,), "quantity")


def test_a_field_that_no_document_states_has_no_path() -> None:
    with pytest.raises(KeyError):
        path_of(documents.ShipItem, (1, 1), "ordinal")
