"""The document inside whatever a browser or a server wraps it in, and the reason where there is none."""

import base64
import contextlib
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers.reader import read
from cxml_parsers.wrappers import unwrap
from punchout.model.codes import Code
from punchout.model.unreadable import Refused
from tests.cxml_parsers.documents import FULL_CART

FORM = "application/x-www-form-urlencoded"
CRLF = "\r\n"
SPELLINGS = ["cXML-urlencoded", "cxml-urlencoded", "cxml_urlencoded", "CXML-URLENCODED", "cXML%2Durlencoded"]
BASE64_SPELLINGS = ["cXML-base64", "cxml-base64", "cXML-Base64", "CXML-BASE64", "cxml_base64"]


def multipart(kind: str, *parts: tuple[str, bytes], newline: str = CRLF) -> tuple[bytes, str]:
    body = b"preamble" + newline.encode()
    for headers, content in parts:
        head = newline.join(["--b0", *headers.splitlines(), "", ""])
        body += head.encode() + content + newline.encode()
    return body + b"--b0--" + newline.encode(), f'{kind}; boundary="b0"'


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_form_field_is_found_in_every_spelling(name: str) -> None:
    assert unwrap(f"x=1&{name}={quote_plus(FULL_CART)}&y=2".encode(), FORM) == FULL_CART


@pytest.mark.parametrize("name", BASE64_SPELLINGS)
@pytest.mark.parametrize("line_breaks", [False, True])
def test_a_base64_field_is_found_in_every_spelling(name: str, *, line_breaks: bool) -> None:
    encoded = base64.encodebytes(FULL_CART) if line_breaks else base64.b64encode(FULL_CART)
    assert unwrap(urlencode({name: encoded}).encode(), FORM) == FULL_CART


def test_a_plus_sign_that_was_not_escaped_is_base64_all_the_same() -> None:
    data = b"<cXML>" + bytes([0xC3, 0xBB, 0xC3, 0xBF]) * 20 + b"</cXML>"
    encoded = base64.b64encode(data)
    assert b"+" in encoded or b"/" in encoded
    assert unwrap(b"cxml-base64=" + encoded, FORM) == data


def test_the_base64_field_wins_because_the_other_is_us_ascii() -> None:
    body = urlencode({"cxml-urlencoded": "<broken/>", "cxml-base64": base64.b64encode(FULL_CART)}).encode()
    assert unwrap(body, FORM) == FULL_CART


@pytest.mark.parametrize("content_type", ["text/xml; charset=UTF-8", "application/xml", FORM, "text/plain", None, ""])
@pytest.mark.parametrize("before", [b"", b"\r\n ", b"\xef\xbb\xbf"])
def test_a_raw_document_is_taken_whatever_the_content_type_says(content_type: str | None, before: bytes) -> None:
    assert unwrap(before + FULL_CART, content_type) == before + FULL_CART


def test_a_document_in_wide_characters_is_raw_too() -> None:
    data = FULL_CART.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert unwrap(data, "text/xml") == data


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("name", ["cxml-urlencoded", "cXML_UrlEncoded"])
def test_a_field_of_a_multipart_form_is_found(name: str, newline: str) -> None:
    other = ('Content-Disposition: form-data; name="x"', b"1")
    field = (f'Content-Disposition: form-data; name="{name}"', FULL_CART)
    assert unwrap(*multipart("multipart/form-data", other, field, newline=newline)) == FULL_CART


def test_a_base64_field_of_a_multipart_form_is_decoded() -> None:
    field = ('Content-Disposition: form-data; name="cxml-base64"', base64.encodebytes(FULL_CART))
    assert unwrap(*multipart("multipart/form-data", field)) == FULL_CART


@pytest.mark.parametrize("kind", ["multipart/related", "multipart/mixed"])
def test_the_document_among_attachments_is_found(kind: str) -> None:
    document = ("Content-Type: text/xml; charset=UTF-8\nContent-ID: <part1@x>", FULL_CART)
    attachment = ("Content-Type: application/pdf\nContent-ID: <part2@x>", b"%PDF-1.4 ...")
    assert unwrap(*multipart(kind, attachment, document)) == FULL_CART


@pytest.mark.parametrize("how", ["base64", "quoted-printable"])
def test_a_transfer_encoding_is_undone(how: str) -> None:
    content = base64.encodebytes(FULL_CART) if how == "base64" else FULL_CART.replace(b"=", b"=3D")
    part = (f"Content-Type: text/xml\nContent-Transfer-Encoding: {how}", content)
    assert unwrap(*multipart("multipart/related", part)) == FULL_CART


def test_a_part_without_headers_is_taken() -> None:
    assert unwrap(*multipart("multipart/related", ("", FULL_CART))) == FULL_CART


@pytest.mark.parametrize("name", [*SPELLINGS, "cXML%5furlencoded"])
def test_a_saved_form_is_told_by_the_name_of_its_field(name: str) -> None:
    assert unwrap(f"x=1&{name}={quote_plus(FULL_CART)}".encode(), None) == FULL_CART


@pytest.mark.parametrize("kind", ["multipart/related", "multipart/form-data"])
def test_a_saved_message_is_told_by_its_first_boundary(kind: str) -> None:
    body, _ = multipart(kind, ('Content-Disposition: form-data; name="cxml-urlencoded"', FULL_CART))
    assert unwrap(body.removeprefix(b"preamble\r\n"), None) == FULL_CART


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("first", ["", "POST /cart HTTP/1.1"])
def test_a_message_saved_with_its_headers_is_told_by_them(first: str, newline: str) -> None:
    body, content_type = multipart("multipart/related", ("Content-Type: text/xml", FULL_CART))
    lines = [*([first] if first else []), "Host: buyer.example", f"Content-Type: {content_type}", "", ""]
    assert unwrap(newline.join(lines).encode() + body, None) == FULL_CART
    form = newline.join([*lines[:-3], f"Content-Type: {FORM}", "", ""])
    assert unwrap(form.encode() + urlencode({"cXML-base64": base64.b64encode(FULL_CART)}).encode(), None) == FULL_CART
    assert unwrap(newline.join([*lines[:-3], "", ""]).encode() + FULL_CART, None) == FULL_CART


@pytest.mark.parametrize("declared", ["UTF-16", "utf-32", "Shift_JIS"])
@pytest.mark.parametrize("quoted", [True, False])
def test_a_urlencoded_field_is_us_ascii_whatever_it_declares(declared: str, *, quoted: bool) -> None:
    data = FULL_CART.replace(b'encoding="UTF-8"', f'encoding="{declared}"'.encode())
    assert not read(data).accepted
    sent = b"cxml-urlencoded=" + (quote_plus(data).encode() if quoted else data)
    assert read(unwrap(sent, FORM)).body == read(FULL_CART).body
    assert not read(unwrap(b"cxml-base64=" + base64.b64encode(data), FORM)).accepted


def test_an_encoding_that_fits_a_urlencoded_field_is_left_as_it_is() -> None:
    for declared in (b"UTF-8", b"ISO-8859-1", b"us-ascii"):
        data = FULL_CART.replace(b"UTF-8", declared, 1)
        assert unwrap(b"cxml-urlencoded=" + quote_plus(data).encode(), FORM) == data


@pytest.mark.parametrize("content_type", [FORM, "text/plain", None])
def test_a_field_that_was_not_encoded_is_taken_to_its_last_tag(content_type: str | None) -> None:
    data = FULL_CART.rstrip()
    assert b"&" in data
    assert unwrap(b"cXML-urlencoded=" + data + b"&x=1", content_type) == data


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", None), (b"--", None), (b"--b\r\n\r\nx\r\n--b--", None), (b"Content-Type: a/b\r\n\r\nx", None),
        (b" \r\n", FORM), (b"a=1&b=2", FORM), (b"hello", "text/plain"), (b"{}", "application/json"),
        (b"cxml-base64=%%%", FORM), (b"--b0\r\n\r\n<a/>", "multipart/related"), (b"&" * 200, FORM),
        (b"\r\n--b0\r\n\r\nx" * 60, "multipart/related; boundary=b0"), (b"x", "multipart/related; boundary=b0"),
    ],
)  # fmt: skip
def test_what_carries_no_document_is_refused(body: bytes, content_type: str | None) -> None:
    with pytest.raises(Refused) as refused:
        unwrap(body, content_type)
    assert refused.value.code is Code.XML_REJECTED


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=60), st.just("multipart/related; boundary=b")))
def test_any_body_is_unwrapped_or_refused(body: bytes, content_type: str | None) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(unwrap(body, content_type), bytes)
