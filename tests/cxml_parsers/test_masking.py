"""A shared secret never stays in bytes that are kept, however broken the document is, and everything else does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers.masking import mask_secrets
from cxml_parsers.reader import read
from tests.cxml_parsers.documents import FULL_CART, FULL_DOCUMENTS


@pytest.mark.parametrize(
    ("document", "masked"),
    [
        ("<SharedSecret>abc</SharedSecret>", "<SharedSecret>***</SharedSecret>"),
        ("<SharedSecret></SharedSecret>x", "<SharedSecret></SharedSecret>x"),
        ("<SharedSecret/>x<a>y</a>", "<SharedSecret/>x<a>y</a>"),
        ('<SharedSecret type="a>b" />x', '<SharedSecret type="a>b" />x'),
        ("<x:sharedSECRET a='1>2'\n>abc</x:sharedSECRET >", "<x:sharedSECRET a='1>2'\n>***</x:sharedSECRET >"),
        ("<SharedSecret><![CDATA[a<b]]></SharedSecret>", f"<SharedSecret>{'*' * 15}</SharedSecret>"),
        ("<SharedSecret><![CDATA[</SharedSecret>b]]></SharedSecret>c", f"<SharedSecret>{'*' * 28}</SharedSecret>c"),
        ("<SharedSecret><e>abc</e></SharedSecret>", "<SharedSecret>**********</SharedSecret>"),
        ("<SharedSecret>a\r\nb</SharedSecret>", "<SharedSecret>*\r\n*</SharedSecret>"),
        ("<SharedSecret>abc", "<SharedSecret>***"),
        ("<SharedSecret>abc</Shared", "<SharedSecret>***********"),
        ("<SharedSecret>abc</Credential><a>kept</a>", "<SharedSecret>***</Credential><a>kept</a>"),
        ("<SharedSecret>abc<UserAgent>kept</UserAgent>", "<SharedSecret>***<UserAgent>kept</UserAgent>"),
        ("<SharedSecret><![CDATA[abc</Sender>", f"<SharedSecret>{'*' * 21}"),
        ('<SharedSecret a="x>abc</SharedSecret>', "<SharedSecret*********</SharedSecret>"),
        ("<!-- <SharedSecret>abc</SharedSecret> -->", "<!-- <SharedSecret>***</SharedSecret> -->"),
        (
            "<SharedSecret>a</SharedSecret>-<SharedSecret>bc</SharedSecret>",
            "<SharedSecret>*</SharedSecret>-<SharedSecret>**</SharedSecret>",
        ),
        ("<SharedSecrets>abc</SharedSecrets>", "<SharedSecrets>abc</SharedSecrets>"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_the_text_of_a_secret_is_masked_and_nothing_else(document: str, masked: str, codec: str) -> None:
    assert mask_secrets(document.encode(codec)) == masked.encode(codec)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_secret_has_as_many_stars_as_characters(codec: str) -> None:
    head = f'<?xml version="1.0" encoding="{codec}"?>'
    document = f"{head}<a><SharedSecret>p\u00e4\u00dfw\u00f6rd</SharedSecret>\u00e9</a>"
    assert mask_secrets(document.encode(codec)) == document.replace("p\u00e4\u00dfw\u00f6rd", "*******").encode(codec)


def test_a_masked_document_reads_as_the_document() -> None:
    for data in FULL_DOCUMENTS.values():
        masked = mask_secrets(data)
        assert masked is not None
        assert b"s3cr3t" not in masked
        assert read(masked) == read(data)


def test_a_cut_off_document_is_masked_wherever_it_ends() -> None:
    for end in range(len(FULL_CART)):
        masked = mask_secrets(FULL_CART[:end])
        assert masked is not None
        assert b"s3c" not in masked
        assert len(masked) == end


@pytest.mark.parametrize(
    "data",
    [b"\x1f\x8b\x08rest", b"PK\x03\x04", FULL_CART.decode().encode("utf-32"), FULL_CART.decode().encode("cp037"),
     b"\x00\x01\x02", b"\x8f\xff\x00", b"\x80\x81\x82", FULL_CART.replace(b"UTF-8", b"UTF-7")],
)  # fmt: skip
def test_bytes_of_no_usable_encoding_promise_nothing(data: bytes) -> None:
    assert mask_secrets(data) is None


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_broken_bytes_around_a_secret_come_back_as_they_were(before: bytes, after: bytes) -> None:
    data = (
        b"<?xml version='1.0'?>"
        + before.replace(b"\x00", b"")
        + b"<SharedSecret>abc</SharedSecret>"
        + after.replace(b"\x00", b"")
    )
    masked = mask_secrets(data)
    assert masked is not None
    assert masked == data.replace(b"<SharedSecret>abc<", b"<SharedSecret>***<")


@pytest.mark.parametrize(
    "repeated",
    ["<SharedSecret", "<SharedSecret ", '<SharedSecret a="', "<SharedSecret>", "<SharedSecret><![CDATA[", "</"],
)
def test_no_document_takes_long_to_mask(repeated: str) -> None:
    started = time.monotonic()
    for data in (repeated * 100_000, "<SharedSecret>" + "<![CDATA[x]]>" * 100_000 + repeated):
        assert mask_secrets(("<a>" + data).encode()) is not None
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("before", [b"\x00", b"\xff\xfe", b"\xfe\xff"])
def test_narrow_text_that_begins_as_if_it_were_wide_is_of_no_usable_encoding(before: bytes) -> None:
    assert mask_secrets(before + b"<cXML><SharedSecret>s3cr3t</SharedSecret></cXML>") is None
