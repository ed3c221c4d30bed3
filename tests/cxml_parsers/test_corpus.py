"""Documents that other people wrote: none is an error, and every one is accepted or refused for the right reason."""

from collections import Counter
from pathlib import Path

import pytest

from cxml_parsers.masking import mask_secrets
from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.parsed import Parsed

KINDS = ("PunchOutOrderMessage", "ConfirmationRequest", "ShipNoticeRequest", "InvoiceDetailRequest", "Response")
NOT_ACCEPTED = {
    "InvoiceDetailRequest/officeluv__cxml__invoice_taxes_at_line_multiple_taxes.xml": (
        Code.TS_INVALID,
        "/cXML/Request/InvoiceDetailRequest/InvoiceDetailRequestHeader/@invoiceDate",
    ),
    "Response/PurchasingPlatform__cxml__response_status_400.xml": (Code.XML_REJECTED, "line 3, column 75"),
    "Response/vphantom__Business-cXML__unintelligible-response.xml": (Code.XML_REJECTED, "line 5, column 3"),
}


@pytest.fixture(scope="session")
def corpus(test_data: Path) -> dict[str, Parsed]:
    folder = test_data / "corpus"
    return {str(path.relative_to(folder)): read(path.read_bytes()) for path in sorted(folder.rglob("*.xml"))}


def test_every_document_of_our_kinds_is_accepted_but_for_three_that_say_why(corpus: dict[str, Parsed]) -> None:
    ours = {name: parsed for name, parsed in corpus.items() if name.startswith(KINDS)}
    refused = {name: (parsed.reason, parsed.where) for name, parsed in ours.items() if not parsed.accepted}
    assert refused == NOT_ACCEPTED
    assert Counter(str(parsed.envelope.kind) for parsed in ours.values() if parsed.accepted) == {
        "PunchOutOrderMessage": 14, "ConfirmationRequest": 5, "ShipNoticeRequest": 4, "InvoiceDetailRequest": 6,
        "Response": 15,
    }  # fmt: skip


def test_every_other_kind_is_recognised_by_name(corpus: dict[str, Parsed]) -> None:
    others = {name: parsed for name, parsed in corpus.items() if not name.startswith((*KINDS, "Other"))}
    unnamed = {name for name, parsed in others.items() if parsed.envelope.kind != name.partition("/")[0]}
    assert unnamed == {"OrderRequest/Depth8064__go-cxml__serializer_test__1.xml"}
    assert {parsed.reason for name, parsed in others.items() if name not in unnamed} == {Code.DOC_UNSUPPORTED}


def test_every_document_without_secrets_stays_as_it_is_when_masked(test_data: Path) -> None:
    for path in (test_data / "corpus").rglob("*.xml"):
        data = path.read_bytes()
        masked = mask_secrets(data)
        assert masked is not None
        assert len(masked) == len(data)
        assert (masked == data) == (b"<SharedSecret>REDACTED<" not in data), path.name
