"""Generated order drafts, and a reader that turns a written order back into one. It shares no code with the writer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st
from lxml import etree

from cxml_parsers.order_request import OrderHeader
from punchout.model.exact import ONE
from punchout.model.moments import to_micros
from punchout.model.order_documents import Segment
from punchout.model.orders import (
    AccountShare,
    Address,
    LineInstructions,
    OrderDraft,
    OrderedLine,
    StatedCharge,
)
from punchout.model.text import unwritable
from punchout.model.values import Comment, Credential, Extrinsic

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HEADER = OrderHeader(
    payload_id="a2f7c1de-0000-5000-8000-000000000000@contoso.example",
    timestamp=1_772_557_200_000_000,
    environment="test",
    sender=Credential("NetworkId", "ContosoPunchout"),
    recipient=Credential("NetworkId", "Amazon"),
    user_agent="punchout-exchange",
)

# What could end an element early, hide in another, or be normalised away.
_AWKWARD = [
    "<SharedSecret></SharedSecret>",
    "</Description><SharedSecret></SharedSecret>",
    "<![CDATA[x]]>",
    "]]>",
    "&amp;&lt;&#60;",
    "\"quoted\" and 'quoted'",
    "a\r\nb\rc\td",
    "  spaces  ",
    "é ü 漢字 😀 \u0085\u2028",
    "<!-- --><?pi?>",
]
texts = st.sampled_from(_AWKWARD) | st.text(min_size=1, max_size=20).filter(lambda text: unwritable(text) is None)
amounts = st.integers(min_value=1, max_value=10**15)
instants = st.integers(min_value=946_684_800_000_000, max_value=4_102_444_800_000_000)
extrinsics = st.lists(st.builds(Extrinsic, texts, texts), max_size=3).map(tuple)
addresses = st.builds(
    Address,
    address_id=st.none() | texts,
    name=texts,
    deliver_to=st.lists(texts, max_size=2).map(tuple),
    street=st.lists(texts, min_size=1, max_size=2).map(tuple),
    city=texts,
    state=st.none() | texts,
    post_code=st.none() | texts,
    country=st.sampled_from(["US", "DE", "JP"]),
    country_name=st.none() | st.sampled_from(["United States", "Deutschland"]),
    email=st.none() | texts,
)
lines = st.builds(
    OrderedLine,
    line_number=st.just(1),
    bc_line_number=st.just(10000),
    po_sequence=st.just(10000),
    cart_position=st.none(),
    supplier_part_id=texts,
    supplier_part_aux_id=st.none() | texts,
    quantity=amounts,
    unit=st.sampled_from(["EA", "PK", "C62"]),
    unit_price=amounts,
    currency=st.just("USD"),
    description=texts,
    classification=st.none() | texts,
    classification_domain=st.none() | texts,
    manufacturer_name=st.none() | texts,
    manufacturer_part_id=st.none() | texts,
    extrinsics=extrinsics,
)
charges = st.none() | st.builds(StatedCharge, st.integers(min_value=0, max_value=10**15), texts)
shares = st.builds(
    AccountShare,
    texts,
    amounts,
    st.lists(st.builds(Segment, type=texts, id=texts, description=texts), min_size=1, max_size=2).map(tuple),
)
instructions = st.builds(
    LineInstructions,
    line_number=st.just(1),
    requested_delivery=st.none() | instants,
    ship_to=st.none() | addresses,
    shipping=charges,
    tax=charges,
    distributions=st.lists(shares, max_size=2).map(tuple),
    comments=st.lists(st.builds(Comment, st.none() | texts, texts), max_size=1).map(tuple),
)
plain_drafts = st.builds(
    OrderDraft,
    order_id=texts,
    order_version=st.integers(min_value=1, max_value=99),
    order_date=instants,
    release_mode=st.sampled_from(["approval", "manual"]),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    total=amounts,
    requester_email=texts,
    business_unit=st.none() | texts,
    ship_to=addresses,
    bill_to=addresses,
    shipping=charges,
    tax=charges,
    comments=st.lists(st.builds(Comment, st.none() | texts, texts), max_size=2).map(tuple),
    extrinsics=st.lists(st.builds(Extrinsic, texts.map(lambda text: f"own {text}"), texts), max_size=2).map(tuple),
    lines=st.lists(lines, min_size=1, max_size=4).map(
        lambda made: tuple(replace(line, line_number=number) for number, line in enumerate(made, 1))
    ),
)

drafts = st.builds(
    lambda draft, beside: replace(
        draft,
        instructions=tuple(
            replace(each, line_number=line.line_number) for line, each in zip(draft.lines, beside, strict=False)
        ),
    ),
    plain_drafts,
    st.lists(instructions, max_size=4),
)
"""Orders with instructions beside the first of their lines."""


def parsed(document: bytes) -> etree._Element:
    return etree.fromstring(document, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))


def text_at(element: etree._Element, path: str) -> str | None:
    return element.findtext(path, default=None)


def millionths(text: str | None) -> int:
    return int(Decimal(text or "") * ONE)


def read_back(document: bytes, draft: OrderDraft) -> OrderDraft:
    """Returns what the document says as a draft; what no OrderRequest says is taken from `draft`."""
    request = parsed(document).find("Request/OrderRequest")
    assert request is not None
    header = request.find("OrderRequestHeader")
    assert header is not None
    ship_to, bill_to = header.find("ShipTo/Address"), header.find("BillTo/Address")
    assert ship_to is not None
    assert bill_to is not None
    extra = {made.get("name"): made.text for made in header.iterfind("Extrinsic")}
    return replace(
        draft,
        order_id=header.get("orderID", ""),
        order_version=int(header.get("orderVersion", "0")),
        currency=next(header.iterfind("Total/Money")).get("currency", ""),
        total=millionths(text_at(header, "Total/Money")),
        requester_email=extra["UserEmail"] or "",
        business_unit=extra.get("UserBusinessUnit"),
        ship_to=address_of(ship_to),
        bill_to=address_of(bill_to),
        type=header.get("type", ""),
        previous_payload_id=_attribute(header, "DocumentReference", "payloadID"),
        shipping=_charge(header, "Shipping"),
        tax=_charge(header, "Tax"),
        comments=_comments(header),
        extrinsics=tuple(
            Extrinsic(made.get("name", ""), made.text or "")
            for made in header.iterfind("Extrinsic")
            if made.get("name") not in {"UserEmail", "UserBusinessUnit"}
        ),
        lines=tuple(_lines(request, draft)),
        instructions=tuple(
            _instructions(item) for item, _ in zip(request.iterfind("ItemOut"), draft.instructions, strict=False)
        ),
    )


def _attribute(element: etree._Element, path: str, name: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get(name)


def _comments(element: etree._Element) -> tuple[Comment, ...]:
    return tuple(Comment(made.get("type"), made.text or "") for made in element.iterfind("Comments"))


def _charge(element: etree._Element, tag: str) -> StatedCharge | None:
    made = element.find(tag)
    if made is None:
        return None
    return StatedCharge(millionths(text_at(made, "Money")), text_at(made, "Description") or "")


def _instructions(item: etree._Element) -> LineInstructions:
    ship_to, delivery = item.find("ShipTo/Address"), item.get("requestedDeliveryDate")
    return LineInstructions(
        line_number=int(item.get("lineNumber", "0")),
        requested_delivery=None if delivery is None else to_micros(datetime.fromisoformat(delivery)),
        ship_to=None if ship_to is None else address_of(ship_to),
        shipping=_charge(item, "Shipping"),
        tax=_charge(item, "Tax"),
        distributions=tuple(
            AccountShare(
                _attribute(made, "Accounting", "name") or "",
                millionths(text_at(made, "Charge/Money")),
                tuple(
                    Segment(type=text_at(each, "Name"), id=each.get("id"), description=text_at(each, "Description"))
                    for each in made.iterfind("Accounting/AccountingSegment")
                ),
            )
            for made in item.iterfind("Distribution")
        ),
        comments=_comments(item),
    )


def _lines(request: etree._Element, draft: OrderDraft) -> Iterator[OrderedLine]:
    for item, line in zip(request.iterfind("ItemOut"), draft.lines, strict=True):
        detail = item.find("ItemDetail")
        classification = item.find("ItemDetail/Classification")
        assert detail is not None
        assert classification is not None
        yield replace(
            line,
            line_number=int(item.get("lineNumber", "0")),
            supplier_part_id=text_at(item, "ItemID/SupplierPartID") or "",
            supplier_part_aux_id=text_at(item, "ItemID/SupplierPartAuxiliaryID"),
            quantity=millionths(item.get("quantity")),
            unit=text_at(detail, "UnitOfMeasure") or "",
            unit_price=millionths(text_at(detail, "UnitPrice/Money")),
            currency=next(detail.iterfind("UnitPrice/Money")).get("currency", ""),
            description=text_at(detail, "Description") or "",
            classification=classification.text,
            classification_domain=classification.get("domain") if line.classification_domain else None,
            manufacturer_name=text_at(detail, "ManufacturerName"),
            manufacturer_part_id=text_at(detail, "ManufacturerPartID"),
            extrinsics=tuple(Extrinsic(made.get("name", ""), made.text or "") for made in detail.iterfind("Extrinsic")),
        )


def address_of(made: etree._Element) -> Address:
    country = made.find("PostalAddress/Country")
    assert country is not None
    code = country.get("isoCountryCode", "")
    assert made.get("isoCountryCode") == code
    return Address(
        address_id=made.get("addressID"),
        name=text_at(made, "Name") or "",
        deliver_to=tuple(line.text or "" for line in made.iterfind("PostalAddress/DeliverTo")),
        street=tuple(line.text or "" for line in made.iterfind("PostalAddress/Street")),
        city=text_at(made, "PostalAddress/City") or "",
        state=text_at(made, "PostalAddress/State"),
        post_code=text_at(made, "PostalAddress/PostalCode"),
        country=code,
        country_name=None if country.text == code else country.text,
        email=text_at(made, "Email"),
    )
