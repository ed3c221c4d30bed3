"""Documents that other people wrote: none is an error, and every one is accepted or refused for the right reason."""

from collections import Counter
from pathlib import Path

import pytest

from cxml_parsers.masking import mask_secrets
from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.parsed import Parsed

KINDS = (
    "PunchOutOrderMessage", "ConfirmationRequest", "ShipNoticeRequest", "InvoiceDetailRequest", "Response",
    "OrderRequest", "StatusUpdateRequest", "PunchOutSetupResponse", "ProfileResponse",
)  # fmt: skip
NOT_ACCEPTED = {
    "InvoiceDetailRequest/officeluv__cxml__invoice_taxes_at_line_multiple_taxes.xml": (
        Code.TS_INVALID,
        "/cXML/Request/InvoiceDetailRequest/InvoiceDetailRequestHeader/@invoiceDate",
    ),
    "OrderRequest/Depth8064__go-cxml__endpoint_test__3.xml": (Code.STRUCT_INVALID, "/cXML/Header"),
    "OrderRequest/Depth8064__go-cxml__serializer_test__1.xml": (Code.XML_REJECTED, "line 1, column 6"),
    "OrderRequest/FriendsOfCXML__cxml-php__SerializerTest__8.xml": (
        Code.STRUCT_INVALID,
        "/cXML/Request/OrderRequest/OrderRequestHeader/@orderID",
    ),
    "OrderRequest/FriendsOfCXML__cxml-php__SerializerTest__9.xml": (
        Code.STRUCT_INVALID,
        "/cXML/Request/OrderRequest/OrderRequestHeader/@orderID",
    ),
    "Response/PurchasingPlatform__cxml__response_status_400.xml": (Code.XML_REJECTED, "line 3, column 75"),
    "Response/vphantom__Business-cXML__unintelligible-response.xml": (Code.XML_REJECTED, "line 5, column 3"),
}


@pytest.fixture(scope="session")
def corpus(test_data: Path) -> dict[str, Parsed]:
    folder = test_data / "corpus"
    return {str(path.relative_to(folder)): read(path.read_bytes()) for path in sorted(folder.rglob("*.xml"))}


def test_every_document_of_our_kinds_is_accepted_but_for_seven_that_say_why(corpus: dict[str, Parsed]) -> None:
    ours = {name: parsed for name, parsed in corpus.items() if name.startswith(KINDS)}
    refused = {name: (parsed.reason, parsed.where) for name, parsed in ours.items() if not parsed.accepted}
    assert refused == NOT_ACCEPTED
    assert Counter(str(parsed.envelope.kind) for parsed in ours.values() if parsed.accepted) == {
        "PunchOutOrderMessage": 14, "ConfirmationRequest": 5, "ShipNoticeRequest": 4, "InvoiceDetailRequest": 6,
        "Response": 15, "OrderRequest": 12, "StatusUpdateRequest": 1, "PunchOutSetupResponse": 10,
        "ProfileResponse": 1,
    }  # fmt: skip


def test_every_other_kind_is_recognised_by_name(corpus: dict[str, Parsed]) -> None:
    others = {name: parsed for name, parsed in corpus.items() if not name.startswith((*KINDS, "Other"))}
    unnamed = {name for name, parsed in others.items() if parsed.envelope.kind != name.partition("/")[0]}
    assert unnamed == set()
    assert {parsed.reason for name, parsed in others.items() if name not in unnamed} == {Code.DOC_UNSUPPORTED}


def test_every_document_without_secrets_stays_as_it_is_when_masked(test_data: Path) -> None:
    for path in (test_data / "corpus").rglob("*.xml"):
        data = path.read_bytes()
        masked = mask_secrets(data)
        assert masked is not None
        assert len(masked) == len(data)
        assert (masked == data) == (b"<SharedSecret>REDACTED<" not in data), path.name


# What no field holds, where it carries a number, a date, an identifier or a status, and why that is all right.
_JUSTIFIED = (
    "/Payment/PaymentReference/",  # a card: payment data is none of our business, and the second of two is noted
    "/ShipmentIdentifier/@domain",  # what kind of number a tracking number is
    "/TelephoneNumber/",
    "/Contact/",
    "/PunchOutOrderMessageHeader/ShipTo/",  # the request says where the goods go
    "/ItemDetailIndustry/",  # what a part looks like
    "/cXML/Response/@invalid",
)
_TELLING = ("quantity", "money", "amount", "price", "date", "number", "identifier", "code", "status", "id")


def test_nothing_that_decides_anything_goes_unread(corpus: dict[str, Parsed]) -> None:
    paths = {path for parsed in corpus.values() if parsed.accepted for path in parsed.unread}
    last = {path: path.rpartition("/")[2].casefold() for path in paths}
    telling = {path for path, name in last.items() if name.endswith(_TELLING)}
    assert {path for path in telling if not any(why in path for why in _JUSTIFIED)} == set()
