"""What opens a session and asks for a profile, and how a request is answered: valid, deterministic, read back whole."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cxml_parsers.order_request import with_secret
from cxml_parsers.reader import read
from cxml_parsers.response_document import write_response
from cxml_parsers.setup_request import write_profile_request, write_setup_request
from punchout.model.documents import Response
from punchout.model.setups import SessionContact, SessionItem, SetupRequest
from punchout.model.values import Extrinsic, PartId
from tests.cxml_parsers.orders import HEADER, address_of, addresses, amounts, millionths, parsed, text_at, texts
from tests.ordering.examples import BILL_TO

parts = st.builds(PartId, texts, st.none() | texts)
setups = st.builds(
    SetupRequest,
    operation=st.sampled_from(["create", "edit", "inspect"]),
    buyer_cookie=texts,
    extrinsics=st.lists(st.builds(Extrinsic, texts, texts), max_size=2).map(tuple),
    browser_form_post=st.none() | texts,
    contacts=st.lists(
        st.builds(SessionContact, st.none() | st.just("endUser"), texts, st.lists(texts, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
    supplier_setup=st.none() | texts,
    ship_to=st.none() | addresses,
    selected_item=st.none() | parts,
    items=st.lists(st.builds(SessionItem, st.integers(1, 99), amounts, parts), max_size=2).map(tuple),
)
SETUP = SetupRequest(
    operation="edit",
    buyer_cookie="PR0001-7f3a",
    extrinsics=(Extrinsic("UserEmail", "buyer@contoso.example"),),
    browser_form_post="https://buyer.example/return",
    contacts=(SessionContact("endUser", "Ann <Buyer>", ("ann@contoso.example",)),),
    selected_item=PartId("B0TEST0001", "135-1,1"),
    items=(SessionItem(1, 2_500_000, PartId("B0TEST0001", "135-1,1")),),
)


@pytest.fixture(scope="session")
def dtd(test_data: Path) -> etree.DTD:
    return etree.DTD(str(test_data / "dtd" / "cXML.dtd"))


def part_of(element: etree._Element) -> PartId:
    return PartId(text_at(element, "ItemID/SupplierPartID"), text_at(element, "ItemID/SupplierPartAuxiliaryID"))


def read_back(document: bytes) -> SetupRequest:
    made = parsed(document).find("Request/PunchOutSetupRequest")
    assert made is not None
    ship_to, selected = made.find("ShipTo/Address"), made.find("SelectedItem")
    return SetupRequest(
        operation=made.get("operation", ""),
        buyer_cookie=text_at(made, "BuyerCookie") or "",
        extrinsics=tuple(Extrinsic(each.get("name", ""), each.text or "") for each in made.iterfind("Extrinsic")),
        browser_form_post=text_at(made, "BrowserFormPost/URL"),
        contacts=tuple(
            SessionContact(
                each.get("role"),
                text_at(each, "Name") or "",
                tuple(email.text or "" for email in each.iterfind("Email")),
            )
            for each in made.iterfind("Contact")
        ),
        supplier_setup=text_at(made, "SupplierSetup/URL"),
        ship_to=None if ship_to is None else address_of(ship_to),
        selected_item=None if selected is None else part_of(selected),
        items=tuple(
            SessionItem(int(each.get("lineNumber", "0")), millionths(each.get("quantity")), part_of(each))
            for each in made.iterfind("ItemOut")
        ),
    )


@given(setup=setups)
@settings(max_examples=60)
def test_every_setup_request_is_valid_by_the_dtd(dtd: etree.DTD, setup: SetupRequest) -> None:
    assert dtd.validate(parsed(write_setup_request(setup, HEADER))), dtd.error_log


@given(setup=setups)
def test_every_setup_request_reads_back_as_it_was_and_is_the_same_again(setup: SetupRequest) -> None:
    document = write_setup_request(setup, HEADER)
    assert read_back(document) == setup
    assert write_setup_request(replace(setup), replace(HEADER)) == document


def test_the_children_of_a_setup_request_stand_in_the_order_of_the_dtd() -> None:
    full = replace(SETUP, supplier_setup="https://hub.example", ship_to=BILL_TO)
    made = parsed(write_setup_request(full, HEADER)).find("Request/PunchOutSetupRequest")
    assert made is not None
    assert [child.tag for child in made] == [
        "BuyerCookie", "Extrinsic", "BrowserFormPost", "Contact", "SupplierSetup", "ShipTo", "SelectedItem", "ItemOut",
    ]  # fmt: skip


@pytest.mark.parametrize("operation", ["", "source", "delete", "CREATE"])
def test_a_session_that_is_none_is_refused(operation: str) -> None:
    with pytest.raises(ValueError, match="no operation of a session"):
        write_setup_request(replace(SETUP, operation=operation), HEADER)


def test_requests_of_ours_carry_one_empty_secret_for_the_last_moment() -> None:
    for document in (write_setup_request(SETUP, HEADER), write_profile_request(HEADER)):
        sent = with_secret(document, "s3<cret")
        assert [element.text for element in parsed(sent).iter("SharedSecret")] == ["s3<cret"]


def test_a_profile_request_is_valid_and_is_the_same_again(dtd: etree.DTD) -> None:
    document = write_profile_request(HEADER)
    assert dtd.validate(parsed(document)), dtd.error_log
    assert write_profile_request(replace(HEADER)) == document
    assert read(document).envelope.kind == "ProfileRequest"


statuses = st.builds(Response, code=st.integers(100, 999), text=texts, message=st.none() | texts)


@given(response=statuses)
@settings(max_examples=60)
def test_every_response_is_valid_and_reads_back_as_it_was(dtd: etree.DTD, response: Response) -> None:
    document = write_response(response, payload_id="r1@contoso.example", timestamp=HEADER.timestamp)
    root = parsed(document)
    assert dtd.validate(root), dtd.error_log
    status = root.find("Response/Status")
    assert status is not None
    assert (status.get("code"), status.get("text"), status.text) == (
        str(response.code),
        response.text,
        response.message,
    )
    assert write_response(replace(response), payload_id="r1@contoso.example", timestamp=HEADER.timestamp) == document


def test_our_own_reader_reads_a_response_as_it_was() -> None:
    response = Response(code=406, text="Not Acceptable", message="line 3, column 7: an `&` that starts <no> entity")
    found = read(write_response(response, payload_id="r1@contoso.example", timestamp=HEADER.timestamp))
    assert (found.body, found.notes) == (response, ())
    assert found.envelope.payload_id == "r1@contoso.example"


@pytest.mark.parametrize("response", [Response(code=0, text="OK"), Response(code=1000, text="x"), Response(code=200)])
def test_a_status_that_says_nothing_is_refused(response: Response) -> None:
    with pytest.raises(ValueError, match="status"):
        write_response(response, payload_id="r1@contoso.example", timestamp=0)
