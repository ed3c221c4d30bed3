"""What never gets past the first guard, what does, and what a person is told."""

import gzip
from pathlib import Path

import pytest
from lxml import etree

from cxml_parsers import guard
from cxml_parsers.reader import ReadingRules, read
from punchout.model.codes import Code
from punchout.model.parsed import Parsed
from punchout.model.unreadable import Refused
from tests.cxml_parsers.documents import FULL_CART, FULL_DOCUMENTS, confirmation

# Attacks that do nothing as long as nothing is fetched, included or defaulted: refused as documents, not as XML.
HARMLESS = {
    "16_ext_dtd_http", "17_ext_dtd_public_http", "1a_xinclude_text", "1b_xinclude_http", "1c_pi_stylesheet",
    "1d_schemaLocation", "1j_xxe_catalog_pi", "35_deep_250", "60_comment_split", "61_pi_split", "62_cdata",
    "68_xmlbase", "69_child_split",
}  # fmt: skip


@pytest.fixture(scope="session")
def attacks(test_data: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((test_data / "attacks" / "own").glob("*.xml"))}


def rejected(data: bytes) -> Parsed:
    parsed = read(data)
    assert parsed.reason is Code.XML_REJECTED, parsed
    return parsed


def test_every_attack_is_refused_or_harmless(attacks: dict[str, bytes]) -> None:
    reasons = {name: read(data).reason for name, data in attacks.items() if not name.startswith("00_ok")}
    assert len(reasons) > 50
    assert {name for name, reason in reasons.items() if reason is not Code.XML_REJECTED} == HARMLESS
    assert {reasons[name] for name in HARMLESS} == {Code.STRUCT_INVALID}


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE cXML [<!ENTITY x SYSTEM "{0}">]><cXML>&x;</cXML>',
        '<!DOCTYPE cXML SYSTEM "{0}"><cXML>&x;</cXML>',
        '<!DOCTYPE cXML SYSTEM "{0}"><cXML>text</cXML>',
        '<!DOCTYPE cXML [<!ENTITY % x SYSTEM "{0}"> %x;]><cXML>text</cXML>',
        '<cXML xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include parse="text" href="{0}"/></cXML>',
    ],
)
def test_nothing_that_lies_outside_the_document_is_brought_in(attack: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("<!ENTITY x 'CANARY'>", encoding="utf-8")
    try:
        said = etree.tostring(guard.parse(attack.format(outside.as_uri()).encode(), 10**8).root, encoding="unicode")
    except Refused as refused:
        said = refused.detail
    assert "CANARY" not in said


def test_the_benign_controls_pass_the_guard(attacks: dict[str, bytes]) -> None:
    controls = {name: data for name, data in attacks.items() if name.startswith("00_ok")}
    texts = {name: "".join(map(str, guard.parse(data, 10**8).root.itertext())) for name, data in controls.items()}
    assert set(texts.values()) == {"hello"}
    assert len(texts) == 4


def test_a_comment_a_pi_and_cdata_never_cut_a_text(attacks: dict[str, bytes]) -> None:
    for name in ("60_comment_split", "61_pi_split", "62_cdata"):
        assert "".join(map(str, guard.parse(attacks[name], 10**8).root.itertext())) == "1000", name


@pytest.mark.parametrize("inner", ["1<!-- x -->000", "1<?x y?>000", "1<![CDATA[000]]>", "<![CDATA[1000]]>", "&#49;000"])
def test_a_price_split_by_what_is_no_element_is_read_whole(inner: str) -> None:
    whole = read(confirmation(price='<Money currency="USD">1000</Money>'))
    assert read(confirmation(price=f'<Money currency="USD">{inner}</Money>')).body == whole.body


def test_a_price_split_by_an_element_refuses_the_document() -> None:
    parsed = read(confirmation(price='<Money currency="USD">1<b/>000</Money>'))
    assert parsed.reason is Code.STRUCT_INVALID
    assert (parsed.where or "").endswith("/ConfirmationStatus[1]/UnitPrice/Money")


@pytest.mark.parametrize(
    "subset",
    [
        "[]",
        " [ <!ATTLIST cXML payloadID CDATA 'forged'> ]",
        ' SYSTEM "a[b>c.dtd" [<!ENTITY x "y">]',
        " SYSTEM 'x' [<!ENTITY % p SYSTEM 'http://127.0.0.1/p'> %p;]",
    ],
)
@pytest.mark.parametrize("before", ["", "<!-- <!DOCTYPE cXML> -->", "<?pi <!DOCTYPE?>", f"<!-- {'x' * 20_000} -->"])
def test_an_internal_subset_is_found_wherever_it_stands(subset: str, before: str) -> None:
    parsed = rejected(f'<?xml version="1.0"?>\n{before}<!DOCTYPE cXML{subset}><cXML/>'.encode())
    assert (parsed.where or "").startswith("line 2, column ")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_an_internal_subset_is_found_in_wide_characters(codec: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE cXML [<!ENTITY x "y">]><cXML>&x;</cXML>'
    assert rejected(text.encode(codec)).detail == "declares entities of its own"


def test_a_declaration_pushed_far_away_does_not_hide_the_encoding() -> None:
    subset = '<!DOCTYPE cXML [<!ENTITY x "y">]><cXML>&x;</cXML>'.encode("utf-7")
    data = b'<?xml version="1.0"' + b" " * 5000 + b'encoding="UTF-7"?>' + subset
    assert rejected(data).detail == "in an encoding that is not taken"


@pytest.mark.parametrize("doctype", ['SYSTEM "a[b>c.dtd"', "PUBLIC 'x' 'y]'", ""])
def test_a_doctype_without_subset_passes(doctype: str) -> None:
    assert guard.parse(f"<!DOCTYPE cXML {doctype}><cXML/>".encode(), 1000).has_doctype


def test_what_looks_like_a_declaration_in_the_body_is_text() -> None:
    comments = "<Comments><![CDATA[<!DOCTYPE x [<!ENTITY y 'z'>]>]]></Comments>"
    assert read(confirmation(header=comments)).accepted


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"])
def test_every_usual_encoding_gives_the_same_facts(codec: str) -> None:
    declared = codec.removesuffix("-sig").upper()
    data = FULL_CART.decode().replace('encoding="UTF-8"', f'encoding="{declared}"').encode(codec)
    assert read(data).body == read(FULL_CART).body
    assert read(data).body_sha256 == read(FULL_CART).body_sha256


@pytest.mark.parametrize("codec", ["utf-32", "utf-7", "cp037", "shift_jis"])
def test_other_encodings_are_refused(codec: str) -> None:
    rejected(FULL_CART.decode().replace('encoding="UTF-8"', f'encoding="{codec}"').encode(codec))


def test_bytes_that_are_not_the_utf_16_they_declare_are_refused_with_that_reason() -> None:
    data = FULL_CART.replace(b'encoding="UTF-8"', b'encoding="utf-16"')
    assert rejected(data).detail == "declares UTF-16, and its bytes are not"


def test_a_compressed_document_is_refused_by_name() -> None:
    assert "gzip" in (rejected(gzip.compress(FULL_CART)).detail or "")
    assert "zip" in (rejected(b"PK\x03\x04rest").detail or "")


def test_a_document_above_the_size_bound_is_not_looked_at() -> None:
    assert read(FULL_CART, ReadingRules(max_bytes=len(FULL_CART))).accepted
    assert read(b"not even xml", ReadingRules(max_bytes=5)).detail == "larger than 5 bytes"


@pytest.mark.parametrize(
    "data",
    [
        b"<cXML>" + b"<a/>" * 1_000_000 + b"</cXML>",
        b"<cXML " + b" ".join(b'xmlns:n%d="u"' % n for n in range(300)) + b"/>",
        b"<cXML><Response><Status " + b" ".join(b'a%d="1"' % n for n in range(65)) + b"/></Response></cXML>",
        b"<cXML><Response><Status "
        + b" ".join(b'a%d="1"' % n for n in range(65))
        + b"><b/></Status></Response></cXML>",
        b"<cXML><Response><Status/>" + b"<a>" * 70 + b"</a>" * 70 + b"</Response></cXML>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<cXML>" + b"t" * 11_000_000 + b"</cXML>",
    ],
    ids=["tags", "namespaces", "attributes", "attributes of a parent", "depth", "great depth", "text"],
)
def test_what_is_out_of_all_proportion_is_refused(data: bytes) -> None:
    rejected(data)


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body><p>502 Bad Gateway<br></body></html>",
        b"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8></head></html>",
        b'<!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Error</title></head></html>',
    ],
)
def test_an_html_page_is_called_one(page: bytes) -> None:
    assert rejected(page).detail == "an HTML page, not cXML"


@pytest.mark.parametrize("data", [b"", b" \r\n\t"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    assert rejected(data).detail == "the file is empty"


@pytest.mark.parametrize("name", FULL_DOCUMENTS)
def test_a_document_cut_off_anywhere_is_called_cut_off(name: str) -> None:
    data = FULL_DOCUMENTS[name].rstrip()
    lines = {n: data[:n].count(b"\n") + 1 for n in range(1, len(data), 7)}
    details = {n: read(data[:n]).detail for n in lines}
    assert {n for n, detail in details.items() if not (detail or "").startswith("cut off at line ")} == set()


@pytest.mark.parametrize(
    ("data", "where"),
    [(b"<cXML>\n <a></b>\n</cXML>", "line 2, column 9"), (b'<cXML a="1" a="2"/>', "line 1, column 18"),
     (b"<cXML/><cXML/>", "line 1, column 8"), (b"<cXML>&nbsp;</cXML>", "line 1, column 13"),
     (b'<!DOCTYPE cXML SYSTEM "x"><cXML>1&nbsp;000</cXML>', "line 1, column 40")],
)  # fmt: skip
def test_a_malformed_document_is_refused_with_line_and_column(data: bytes, where: str) -> None:
    parsed = rejected(data)
    assert parsed.where == where
    assert (parsed.detail or "").startswith("not well-formed: ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<a><?x </a>", "a processing instruction without an end"),
        (b"<a><![CDATA[ </a>", "a CDATA section without an end"),
        (b"<a><!-- </a>", "a comment without an end"),
        (b"<" + b"a" * 60_000 + b"/>", "a name too long"),
        (b'<a b="1"c="2"/>', "no blank where one is needed"),
        (b"<a>]]></a>", "a `]]>` in text"),
        (b"<a>&#xq;</a>", "a `&#` without a number"),
        (b"<a>&#q;</a>", "a `&#` without a number"),
        (b"<a></a b>", "a tag without its `>`"),
        (b"<q:a/>", "a prefix of no namespace"),
    ],
)
def test_what_is_wrong_is_said_in_words(body: bytes, words: str) -> None:
    assert read(b"<cXML>" + body + b"</cXML>").detail == f"not well-formed: {words}"


def test_the_reason_never_quotes_the_document() -> None:
    data = b"<cXML><SharedSecret>hunter2&hunter3;</hunter4></SharedSecret></cXML>"
    parsed = rejected(data)
    assert "hunter" not in f"{parsed.detail}{parsed.where}"
