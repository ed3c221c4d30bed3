"""Dates and amounts as genuine senders write them: each is read, read with a repair, or refused. None is guessed."""

import pytest

from cxml_parsers.reader import read
from punchout.model.codes import Code
from punchout.model.documents import Confirmation
from punchout.model.moments import iso_utc
from tests.cxml_parsers.documents import confirmation

READ = [
    ("2026-11-22T10:00:00-08:00", "2026-11-22T18:00:00+00:00"),
    ("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00+00:00"),
    ("2014-03-11T13:04:24+13:04", "2014-03-11T00:00:24+00:00"),  # within 14 hours, in a document whose clock is sound
    ("2026-11-22T10:00:00.123456789+00:00", "2026-11-22T10:00:00.123456+00:00"),
]
NOTED = [
    ("2018-12-04T02:07:44+0000", "2018-12-04T02:07:44+00:00", Code.STRUCT_DEVIATION),
    ("2021-10-11T14:59:02 +00:00", "2021-10-11T14:59:02+00:00", Code.STRUCT_DEVIATION),
    ("2021-06-28T12:00:00+0:00", "2021-06-28T12:00:00+00:00", Code.STRUCT_DEVIATION),
    ("2021-06-28T12:00:00+6:00", "2021-06-28T06:00:00+00:00", Code.STRUCT_DEVIATION),
    ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00+00:00", Code.STRUCT_DEVIATION),
    ("2026-03-05T18:16:03.186Z", "2026-03-05T18:16:03.186000+00:00", Code.STRUCT_DEVIATION),
    ("2026-11-22 10:00:00-08:00", "2026-11-22T18:00:00+00:00", Code.STRUCT_DEVIATION),
    (" 2026-11-22T10:00:00-08:00 ", "2026-11-22T18:00:00+00:00", Code.STRUCT_DEVIATION),
    ("2026-11-22T10:00:00", "2026-11-22T10:00:00+00:00", Code.TS_NAIVE),
]
REFUSED = [
    "2014-03-12T17:37:27+17:37",  # beyond +14:00, and this document's own clock is sound
    "2016-05-13T08:00:-07:00",
    "2016-05-13T08:00-07:00",
    "2017-01-19T01:11:57-CST",
    "2021-07-T07:36:31",
    "2026-11-22T10:00:00-07:00Z",
    "Mon May 19 18:29:48 +0000 2008",
    "2026-11-22 10:00",
    "20261122",
    "20261122T100000Z",
    "2026-W47-7",
    "invalid",
    "2026-02-30T00:00:00Z",
    "2026-11-22T24:00:01Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "22/11/2026",
    "2026-11-22T10:00:00+25:00",
    "1763805600",
]

AMOUNTS_READ = [
    ("1000.00", 1_000_000_000), ("0", 0), ("-0.01", -10_000), ("+5", 5_000_000), ("0.0001", 100),
    ("1.123456", 1_123_456), (" 12.50 ", 12_500_000), ("12.50000000", 12_500_000), ("120.000", 120_000_000),
]  # fmt: skip
AMOUNTS_REFUSED = [
    ("37,564.02", Code.STRUCT_INVALID), ("--474.72", Code.STRUCT_INVALID), ("-", Code.STRUCT_INVALID),
    ("20.00@#$", Code.STRUCT_INVALID), ("999.00 1008.00", Code.STRUCT_INVALID), ("1e5", Code.STRUCT_INVALID),
    ("1E+3000000", Code.STRUCT_INVALID), ("NaN", Code.STRUCT_INVALID), ("Infinity", Code.STRUCT_INVALID),
    ("1_000", Code.STRUCT_INVALID), ("\uff11\uff12", Code.STRUCT_INVALID), ("1\u00a0000", Code.STRUCT_INVALID),
    ("1\u200b", Code.STRUCT_INVALID), ("0x10", Code.STRUCT_INVALID), ("12.", Code.STRUCT_INVALID),
    ("0.1234567", Code.NUMBER_RANGE), ("9" * 13, Code.NUMBER_RANGE),
]  # fmt: skip
_STATUS = "/cXML/Request/ConfirmationRequest/ConfirmationItem[1]/ConfirmationStatus[1]"


def _utc(body: object) -> str | None:
    assert isinstance(body, Confirmation)
    return None if body.notice.utc is None else iso_utc(body.notice.utc)


@pytest.mark.parametrize(("text", "utc"), READ)
def test_a_date_as_cxml_prescribes_it_is_read_without_a_word(text: str, utc: str) -> None:
    parsed = read(confirmation(notice=text))
    assert (_utc(parsed.body), parsed.notes) == (utc, ())


@pytest.mark.parametrize(("text", "utc", "code"), NOTED)
def test_a_date_that_deviates_is_read_with_a_note(text: str, utc: str, code: Code) -> None:
    parsed = read(confirmation(notice=text))
    place = "/cXML/Request/ConfirmationRequest/ConfirmationHeader/@noticeDate"
    assert _utc(parsed.body) == utc
    assert {(note.code, note.where) for note in parsed.notes} == {(code, place)}


@pytest.mark.parametrize("text", REFUSED)
def test_a_date_that_cannot_be_read_refuses_the_document(text: str) -> None:
    parsed = read(confirmation(notice=text))
    place = "/cXML/Request/ConfirmationRequest/ConfirmationHeader/@noticeDate"
    assert (parsed.reason, parsed.where, parsed.body) == (Code.TS_INVALID, place, None)


def test_an_empty_date_that_is_needed_refuses_the_document() -> None:
    assert read(confirmation(notice="")).reason is Code.STRUCT_INVALID


def test_a_day_stays_a_day() -> None:
    body = read(confirmation(notice="2026-11-22")).body
    assert isinstance(body, Confirmation)
    assert (body.notice.utc, body.notice.day) == (None, "2026-11-22")


@pytest.mark.parametrize(("text", "amount"), AMOUNTS_READ)
def test_an_amount_is_read_exactly(text: str, amount: int) -> None:
    body = read(confirmation(price=f'<Money currency="USD">{text}</Money>')).body
    assert isinstance(body, Confirmation)
    price = body.items[0].statuses[0].unit_price
    assert price is not None
    assert (price.amount, price.text) == (amount, text)


@pytest.mark.parametrize(("text", "code"), AMOUNTS_REFUSED)
def test_an_amount_that_is_no_plain_decimal_refuses_the_document(text: str, code: Code) -> None:
    parsed = read(confirmation(price=f'<Money currency="USD">{text}</Money>'))
    assert (parsed.reason, parsed.where) == (code, f"{_STATUS}/UnitPrice/Money")


@pytest.mark.parametrize(("text", "code"), AMOUNTS_REFUSED)
def test_a_quantity_that_is_no_plain_decimal_refuses_the_document(text: str, code: Code) -> None:
    parsed = read(confirmation(quantity=text))
    assert (parsed.reason, parsed.where) == (code, f"{_STATUS.rpartition('/')[0]}/@quantity")


@pytest.mark.parametrize("money", ['<Money currency="USD"/>', '<Money currency="USD"> </Money>', ""])
def test_an_empty_amount_is_absent_and_noted(money: str) -> None:
    parsed = read(confirmation(price=money or "<!-- nothing -->"))
    assert isinstance(parsed.body, Confirmation)
    assert parsed.body.items[0].statuses[0].unit_price is None
    assert len(parsed.notes) == 1


@pytest.mark.parametrize("currency", ["EUR USD", "EUR EUR", "1", "currency_code", "\u20ac"])
def test_a_currency_that_is_none_refuses_the_document(currency: str) -> None:
    parsed = read(confirmation(price=f'<Money currency="{currency}">1.00</Money>'))
    assert (parsed.reason, parsed.where) == (Code.STRUCT_INVALID, f"{_STATUS}/UnitPrice/Money/@currency")


@pytest.mark.parametrize(("attribute", "currency"), [("", None), ('currency=""', None), ('currency="usd"', "USD")])
def test_a_currency_that_is_missing_or_small_is_noted(attribute: str, currency: str | None) -> None:
    parsed = read(confirmation(price=f"<Money {attribute}>1.00</Money>"))
    assert isinstance(parsed.body, Confirmation)
    price = parsed.body.items[0].statuses[0].unit_price
    assert price is not None
    assert price.currency == currency
    assert [note.where for note in parsed.notes] == [f"{_STATUS}/UnitPrice/Money/@currency"]
