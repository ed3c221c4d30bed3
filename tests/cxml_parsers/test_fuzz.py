"""Documents bent at random: whatever comes in, a verdict of ours comes out, and the same one every time."""

import contextlib
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxml_parsers.clauses import stated_clause
from cxml_parsers.inspection import as_json
from cxml_parsers.masking import mask_secrets
from cxml_parsers.reader import read
from cxml_parsers.wrappers import unwrap
from punchout.model.codes import Code
from punchout.model.unreadable import Refused
from tests.cxml_parsers.documents import FULL_DOCUMENTS, HEADER_INVOICE
from tests.support.effort import examples

BASES = [*FULL_DOCUMENTS.values(), HEADER_INVOICE]
# What values are bent to: not numbers, not dates, not text that could be shown, not words that are known.
VALUES = [
    "", " ", "-1", "1e9", "NaN", "999999999999999", "0.0000001", "1,5", "\u0661", "2026-02-30", "2026-03-01T25:00:00Z",
    "2026-03-01T10:00:00+10:00", "2026-03-01", "yes", "new", "delete", "x" * 5000, "\u202e", "&amp;", "\ud7ff",
    "&#x1F600;", "a&#10;b", "reject", "confirmID", "USDX", "usd",
]  # fmt: skip
BYTES = [
    b"", b"\x00", b"\xff", b"\xc0\xbc", b"<", b">", b"&", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?x", b"&nbsp;",
    b'"', b"</Money>", b"<Money/>", b"<Extrinsic name='x'><a/></Extrinsic>", b"\xe2\x80\x8b", b"<x xmlns='urn:y'/>",
]  # fmt: skip
_TAG = re.compile(rb"<[^<>]+>")
_ATTRIBUTE = re.compile(rb'="[^"]*"')
_TEXT = re.compile(rb">[^<>]+<")


def _spans(pattern: re.Pattern[bytes], data: bytes) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(data)] or [(0, 0)]


def _pick(spans: list[tuple[int, int]], at: int) -> tuple[int, int]:
    return spans[at % len(spans)]


def bend(data: bytes, how: str, at: int, other: int) -> bytes:
    """Change one thing in a document; `at` and `other` say where and to what."""
    place = at % (len(data) + 1)
    if how in {"attribute", "text"}:
        return _other_value(data, how, at, other)
    if how == "swap tags":
        (a, b), (c, d) = sorted((_pick(_spans(_TAG, data), at), _pick(_spans(_TAG, data), other)))
        return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]
    instead = {
        "flip": bytes(byte ^ (1 << other % 8) for byte in data[place : place + 1]) + data[place + 1 :],
        "insert": BYTES[other % len(BYTES)] + data[place:],
        "cut off": b"",
        "cut out": data[place + other % 200 :],
        "repeat": data[place : place + other % 2000] + data[place:],
    }
    return data[:place] + instead[how]


def _other_value(data: bytes, how: str, at: int, other: int) -> bytes:
    start, end = _pick(_spans(_ATTRIBUTE if how == "attribute" else _TEXT, data), at)
    value = VALUES[other % len(VALUES)].encode()
    return data[:start] + (b'="' + value + b'"' if how == "attribute" else b">" + value + b"<") + data[end:]


STEPS = st.tuples(
    st.sampled_from(["flip", "insert", "cut off", "cut out", "repeat", "swap tags", "attribute", "text"]),
    st.integers(0, 2**20),
    st.integers(0, 2**20),
)
GENTLE = st.tuples(st.sampled_from(["attribute", "text", "swap tags"]), st.integers(0, 2**20), st.integers(0, 2**20))


def judged(data: bytes) -> Code | None:
    """Read a document, hold what comes out against what must always be true of it, and return the reason."""
    parsed = read(data)
    assert (parsed.reason is None) == (parsed.body is not None)
    assert parsed.reason is None or parsed.detail
    assert [note for note in parsed.notes if stated_clause(note) is None] == []
    assert json.loads(json.dumps(as_json(parsed, "x")))["verdict"] in {"accepted", "quarantined"}
    assert read(data) == parsed
    return parsed.reason


@pytest.fixture(scope="session")
def samples(test_data: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((test_data / "samples").glob("*.xml"))]


@pytest.mark.parametrize("base", BASES, ids=[*FULL_DOCUMENTS, "header invoice"])
@given(steps=st.lists(STEPS, min_size=1, max_size=5))
@settings(examples(40, nightly=5000))
def test_whatever_comes_in_a_verdict_of_ours_comes_out(base: bytes, steps: list[tuple[str, int, int]]) -> None:
    data = base
    for how, at, other in steps:
        data = bend(data, how, at, other)
    judged(data)
    masked = mask_secrets(data)
    assert masked is None or len(masked) == len(data)


@pytest.mark.parametrize("base", BASES, ids=[*FULL_DOCUMENTS, "header invoice"])
@given(steps=st.lists(GENTLE, min_size=1, max_size=3))
@settings(examples(40, nightly=5000))
def test_a_document_whose_values_are_bent_is_read_or_refused_for_a_reason(
    base: bytes, steps: list[tuple[str, int, int]]
) -> None:
    data = base
    for how, at, other in steps:
        data = bend(data, how, at, other)
    assert judged(data) in {None, Code.XML_REJECTED, Code.STRUCT_INVALID, Code.TS_INVALID, Code.NUMBER_RANGE,
                            Code.DOC_UNSUPPORTED}  # fmt: skip


@given(
    steps=st.lists(STEPS, max_size=4), wrapped=st.sampled_from([b"cxml-urlencoded=", b"cxml-base64=", b"--b\r\n\r\n"])
)
@settings(examples(200, nightly=5000))
def test_whatever_is_wrapped_is_taken_out_or_refused(steps: list[tuple[str, int, int]], wrapped: bytes) -> None:
    data = wrapped + BASES[4]
    for how, at, other in steps:
        data = bend(data, how, at, other)
    with contextlib.suppress(Refused):
        judged(unwrap(data, None))


def test_what_was_read_before_changes_nothing() -> None:
    chance = random.Random(7)  # noqa: S311 - not a secret
    hows = ("attribute", "text", "swap tags", "repeat", "insert")
    documents = [
        bend(chance.choice(BASES), chance.choice(hows), chance.randrange(2**20), chance.randrange(2**20))
        for _ in range(400)
    ]
    read_once = [read(data) for data in documents]
    again = {at: read(documents[at]) for at in chance.sample(range(len(documents)), len(documents))}
    assert [again[at] for at in range(len(documents))] == read_once


def test_the_documents_of_others_survive_it_too(samples: list[bytes]) -> None:
    for number, base in enumerate(samples):
        for at in range(0, len(base), max(1, len(base) // 40)):
            for how in ("cut off", "flip", "swap tags", "attribute", "text"):
                judged(bend(base, how, at, at * 7 + number))
