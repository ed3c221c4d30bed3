"""The sender whose offsets repeat the clock: which documents are suspect, and which offset is used instead."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from cxml_parsers.clock import clock_of, leading_epoch
from cxml_parsers.reader import ReadingRules, read
from punchout.model.codes import Code
from punchout.model.documents import Confirmation
from punchout.model.moments import iso_utc
from tests.cxml_parsers.documents import confirmation

PACIFIC = ZoneInfo("America/Los_Angeles")

# Both documents are facts of 2014: the first clock ran at UTC-7, the second at UTC.
CONFIRMATION = ("2014-03-11T13:04:24+13:04", "1394568264055.1.2@amazon.example")
SHIP_NOTICE = ("2014-03-12T17:37:27+17:37", "1394645847931.1.2@amazon.example")


def test_the_offset_comes_from_the_epoch_in_the_payload_id() -> None:
    assert clock_of(*CONFIRMATION, UTC).self_offset == -7 * 60
    assert clock_of(*SHIP_NOTICE, UTC).self_offset == 0


def test_a_genuine_offset_that_happens_to_repeat_the_clock_is_believed() -> None:
    # 2026-03-02T00:00:00Z
    assert clock_of("2026-03-02T01:00:00+01:00", "1772409600000.1@host", UTC).self_offset is None
    assert clock_of("2026-03-02T01:00:00+01:00", "no-epoch@host", UTC).self_offset is None


def test_an_epoch_that_disagrees_by_five_minutes_is_still_agreement() -> None:
    stated_plus_300_seconds, a_second_more = "1772409900000.1@host", "1772409901000.1@host"
    assert clock_of("2026-03-02T01:00:00+01:00", stated_plus_300_seconds, UTC).self_offset is None
    assert clock_of("2026-03-02T01:00:00+01:00", a_second_more, UTC).self_offset is not None


@pytest.mark.parametrize(
    ("off_by_seconds", "offset"), [(0, 60), (90, 60), (-90, 60), (91, None), (-91, None), (900, 45)]
)
def test_the_difference_must_lie_near_a_quarter_of_an_hour(off_by_seconds: int, offset: int | None) -> None:
    # 16:30:00 on a clock at +01:00 is 15:30:00Z.
    payload_id = f"{(1772465400 + off_by_seconds) * 1000}.1@host"
    clock = clock_of("2026-03-02T16:30:00+16:30", payload_id, PACIFIC)
    assert clock.self_offset == (-8 * 60 if offset is None else offset)


def test_without_a_usable_epoch_the_configured_zone_stands_in() -> None:
    assert clock_of("2026-03-02T17:37:27+17:37", "x@host", PACIFIC).self_offset == -8 * 60
    assert clock_of("2026-07-02T17:37:27+17:37", None, PACIFIC).self_offset == -7 * 60
    days_away = "1394645847931.1@host"
    assert clock_of("2026-03-02T17:37:27+17:37", days_away, UTC).self_offset == 0


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "invalid", "2026-02-30T17:37:27+17:37", "2026-03-02", "2026-03-02T17:37:27", "2026-03-02T17:37:27Z",
     "2026-03-02T17:37:27-17:37", "2026-03-02T00:00:00+00:00", "2026-03-02T17:38:27+17:37"],
)  # fmt: skip
def test_other_timestamps_make_no_document_suspect(timestamp: str | None) -> None:
    assert clock_of(timestamp, SHIP_NOTICE[1], UTC).self_offset is None


@pytest.mark.parametrize("payload_id", [None, "", "933695160894", "13946458479311.1@x", "1394645847931x1@x"])
def test_only_thirteen_digits_at_the_beginning_are_an_epoch(payload_id: str | None) -> None:
    assert leading_epoch(payload_id) == (1394645847931_000 if payload_id == "1394645847931x1@x" else None)


def _read(timestamp: str, payload_id: str, **rest: str) -> tuple[Confirmation, list[tuple[str, str]]]:
    parsed = read(confirmation(timestamp=timestamp, payload_id=payload_id, **rest), ReadingRules(naive_zone=PACIFIC))
    assert isinstance(parsed.body, Confirmation)
    return parsed.body, [(note.code, note.where.rpartition("@")[2]) for note in parsed.notes]


def test_every_date_of_a_suspect_document_that_repeats_its_clock_is_repaired_and_noted() -> None:
    body, notes = _read(*CONFIRMATION, notice="2014-03-14T03:00:00+03:00")
    assert body.notice.utc is not None
    assert iso_utc(body.notice.utc) == "2014-03-14T10:00:00+00:00"
    assert body.notice.text == "2014-03-14T03:00:00+03:00"
    assert notes == [(Code.TS_OFFSET_REPAIRED, "timestamp"), (Code.TS_OFFSET_REPAIRED, "noticeDate")]


def test_a_sound_date_in_a_suspect_document_is_left_alone() -> None:
    body, notes = _read(*CONFIRMATION, notice="2014-03-14T03:00:00-07:00")
    assert body.notice.utc is not None
    assert iso_utc(body.notice.utc) == "2014-03-14T10:00:00+00:00"
    assert notes == [(Code.TS_OFFSET_REPAIRED, "timestamp")]


def test_a_date_that_repeats_its_clock_in_a_sound_document_is_believed() -> None:
    body, notes = _read("2026-03-02T10:00:00+00:00", "x@host", notice="2026-03-02T03:00:00+03:00")
    assert body.notice.utc is not None
    assert iso_utc(body.notice.utc) == "2026-03-02T00:00:00+00:00"
    assert notes == []


def test_a_time_without_offset_is_read_in_the_configured_zone() -> None:
    body, notes = _read("2026-03-02T10:00:00+00:00", "x@host", notice="2026-07-02T03:00:00")
    assert body.notice.utc is not None
    assert iso_utc(body.notice.utc) == "2026-07-02T10:00:00+00:00"
    assert notes == [(Code.TS_NAIVE, "noticeDate")]
