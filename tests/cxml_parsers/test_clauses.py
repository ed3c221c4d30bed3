"""Every note names the clause of cXML it is about, and how bad that is."""

from pathlib import Path

import pytest

from cxml_parsers.clauses import clause_of, stated_clause
from cxml_parsers.dtds import DtdShelf
from cxml_parsers.inspection import as_json
from cxml_parsers.reader import read
from punchout.model.codes import Code, Severity
from punchout.model.documents import Note
from tests.cxml_parsers.documents import FULL_DOCUMENTS, confirmation, document, message
from tests.cxml_parsers.test_seen_values import NOTED, REFUSED

HEADER = "/cXML/Request/ConfirmationRequest/ConfirmationHeader"
_CART = "<PunchOutOrderMessage><BuyerCookie>1</BuyerCookie><PunchOutOrderMessageHeader operationAllowed='{}'/>"
DEVIATING = [
    confirmation(timestamp="soon", payload_id="no-host"),
    confirmation(payload_id=" a@b "),
    confirmation(price='<Money currency="usd"> 1.00 </Money>', header="words"),
    confirmation(price="<Money>1.00</Money>", header="<Comments>a<b/>c</Comments><Extrinsic>x</Extrinsic>"),
    confirmation(price="<Discount/>", header='<Extrinsic name="x"><a/></Extrinsic>'),
    confirmation(header='<Total><Money currency="USD"/></Total><Total/>'),
    confirmation(item="<Tax><Money currency='USD'>1</Money></Tax>").replace(b"confirmID=", b"ConfirmID="),
    confirmation()
    .replace(b'type="detail" operation', b'type="DETAIL" operation')
    .replace(b"111-1", "1\u200b1".encode()),
    FULL_DOCUMENTS["invoice"].replace(b'isTaxInLine="yes"', b'isTaxInLine="no"').replace(b'"2.5"', b'"much"'),
    FULL_DOCUMENTS["invoice"].replace(b'payInNumberOfDays="30"', b'payInNumberOfDays="many"'),
    FULL_DOCUMENTS["ship notice"]
    .replace(b" orderID=", b" id=")
    .replace(b"DocumentReference payloadID", b"DocumentReference pid"),
    FULL_DOCUMENTS["ship notice"].replace(b"</ShipNoticeHeader>", b"<ShipControl/></ShipNoticeHeader>"),
    message(_CART.format("nothing") + "<ItemIn quantity='1'/></PunchOutOrderMessage>"),
    document("<Request><Other/></Request>", header=""),
    document('<Response><Status code="1,5"/><Other/></Response>'),
    document('<Response><Status code="1234567890123"/><Other/></Response>'),
    *(confirmation(notice=text) for text, _, _ in NOTED),
    *(
        confirmation().replace(b'type="detail"><', f'type="detail" deliveryDate="{text}"><'.encode())
        for text in REFUSED
    ),
]


@pytest.mark.parametrize("data", DEVIATING, ids=range(len(DEVIATING)))
def test_every_note_has_its_row_in_the_table(data: bytes) -> None:
    notes = read(data).notes
    assert notes
    assert [note for note in notes if stated_clause(note) is None] == []


def test_every_note_on_the_documents_of_others_has_its_row(test_data: Path) -> None:
    shelf = DtdShelf(test_data / "dtd")
    for path in [*(test_data / "corpus").rglob("*.xml"), *(test_data / "samples").glob("*.xml")]:
        parsed = read(path.read_bytes())
        found = shelf.validate(path.read_bytes()) if parsed.accepted else ()
        assert [note for note in (*parsed.notes, *found) if stated_clause(note) is None] == [], path.name


@pytest.mark.parametrize(
    ("code", "where", "detail", "clause", "severity"),
    [
        (Code.STRUCT_DEVIATION, "/cXML/@payloadID", "missing", "DTD, cXML/@payloadID: required", Severity.INFO),
        (
            Code.STRUCT_DEVIATION,
            f"{HEADER}/Total[2]",
            "stands here more than once; the first was read",
            "DTD, ConfirmationHeader/Total: at most once",
            Severity.WARNING,
        ),
        (
            Code.TS_INVALID,
            f"{HEADER}/@noticeDate",
            "day is out of range for month: '2026-02-30'; read as absent",
            "Reference Guide, dates and times: yyyy-mm-ddThh:mm:ss and a numeric offset",
            Severity.WARNING,
        ),
        (
            Code.TS_NAIVE,
            f"{HEADER}/@noticeDate",
            "'2026-02-20T10:00:00' has no offset; the configured zone was used",
            "Reference Guide, dates and times: yyyy-mm-ddThh:mm:ss and a numeric offset",
            Severity.WARNING,
        ),
        (
            Code.STRUCT_INVALID,
            "/cXML/Response/Status/@code",
            "not a whole number: '1,5'",
            "DTD, Status/@code: the type of its value",
            Severity.ERROR,
        ),
        (Code.STRUCT_DEVIATION, "/cXML", "something new", "DTD, cXML", Severity.INFO),
    ],
)
def test_a_note_is_told_with_clause_and_severity(
    code: Code, where: str, detail: str, clause: str, severity: Severity
) -> None:
    found = clause_of(Note(code, where, detail))
    assert (found.text, found.severity) == (clause, severity)


@pytest.mark.parametrize("text", ["x' ends in Z, y", 'x" was read in capitals', "no DOCTYPE", "DETAIL"])
def test_no_text_of_a_document_can_look_like_another_finding(text: str) -> None:
    note = Note(Code.STRUCT_DEVIATION, f"{HEADER}/@type", f"{text!r} was read as detail")
    assert clause_of(note).text == "DTD, ConfirmationHeader/@type: its words"


def test_inspection_shows_clause_and_severity_of_each_note() -> None:
    shown = as_json(read(confirmation(notice="2026-03-02T10:00:00Z")), "a.xml")["notes"]
    assert shown == [
        {
            "code": "STRUCT_DEVIATION",
            "where": f"{HEADER}/@noticeDate",
            "detail": "'2026-03-02T10:00:00Z' ends in Z, where cXML prescribes a numeric offset",
            "severity": "info",
            "clause": "Reference Guide, dates and times: yyyy-mm-ddThh:mm:ss and a numeric offset",
        }
    ]
