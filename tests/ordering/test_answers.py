"""The table of answers, line by line."""

import itertools

import pytest

from punchout.ordering.answers import Answer, Failure, classify

UNSENT = {
    Failure.NOT_CONNECTED,
    Failure.CONNECT_TIMEOUT,
    Failure.POOL_TIMEOUT,
    Failure.PROXY,
    Failure.UNSUPPORTED_PROTOCOL,
}


def cxml(code: int, text: str = "", *, http: int = 200, echo_ok: bool = True) -> Answer:
    return Answer(http_status=http, is_cxml=True, cxml_code=code, cxml_text=text, echo_ok=echo_ok)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, "sent"),
        (201, "sent"),
        (204, "sent"),
        (211, "sent"),
        (280, "sent"),
        (281, "sent"),
        (299, "sent"),
        (400, "refused"),
        (406, "refused"),
        (409, "refused"),
        (412, "refused"),
        (417, "refused"),
        (418, "refused"),
        (450, "refused"),
        (499, "refused"),
        (401, "blocked"),
        (402, "blocked"),
        (403, "blocked"),
        (475, "blocked"),
        (476, "blocked"),
        (477, "blocked"),
        (500, "in_doubt"),
        (503, "in_doubt"),
        (550, "in_doubt"),
        (551, "in_doubt"),
        (560, "in_doubt"),
        (599, "in_doubt"),
        (0, "in_doubt"),
        (100, "in_doubt"),
        (302, "in_doubt"),
        (600, "in_doubt"),
        (20000, "in_doubt"),
        (-200, "in_doubt"),
    ],
)
@pytest.mark.parametrize("http", [200, 307, 401, 500, 502])
def test_the_cxml_code_decides_whatever_http_says(code: int, outcome: str, http: int) -> None:
    assert classify(cxml(code, http=http)).outcome == outcome


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (409, "PO Number: 123 has already been processed.", "in_doubt"),
        (409, "Duplicate order", "in_doubt"),
        (409, "The order was processed", "in_doubt"),
        (409, "Conflict", "refused"),
        (400, "PO 123 already exists", "in_doubt"),
        (450, "duplicated payloadID", "in_doubt"),
        (400, "The order could not be processed", "refused"),
        (400, "Bad Request", "refused"),
        (401, "You are already logged out", "blocked"),
        (200, "already processed", "sent"),
        (500, "PO Number: 123 has already been processed.", "in_doubt"),
    ],
)
def test_a_refusal_that_means_ordered_before_is_in_doubt(code: int, text: str, outcome: str) -> None:
    assert classify(cxml(code, text)).outcome == outcome


@pytest.mark.parametrize(
    ("http", "outcome"),
    [
        (200, "in_doubt"),
        (201, "in_doubt"),
        (202, "in_doubt"),
        (204, "in_doubt"),
        (301, "blocked"),
        (302, "blocked"),
        (307, "blocked"),
        (308, "blocked"),
        (400, "in_doubt"),
        (401, "blocked"),
        (402, "blocked"),
        (403, "blocked"),
        (404, "blocked"),
        (405, "blocked"),
        (407, "blocked"),
        (408, "in_doubt"),
        (410, "blocked"),
        (413, "in_doubt"),
        (429, "pending"),
        (500, "in_doubt"),
        (502, "in_doubt"),
        (503, "in_doubt"),
        (504, "in_doubt"),
        (599, "in_doubt"),
    ],
)
def test_http_alone_settles_nothing_but_what_is_a_matter_of_configuration(http: int, outcome: str) -> None:
    assert classify(Answer(http_status=http)).outcome == outcome


def test_http_alone_never_means_sent() -> None:
    outcomes = {
        classify(Answer(http_status=status), dedupes=dedupes).outcome
        for status, dedupes in itertools.product([None, *range(600)], [True, False])
    }
    assert outcomes == {"in_doubt", "blocked", "pending"}


@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize("dedupes", [True, False])
def test_only_what_provably_did_not_leave_is_pending(failure: Failure, *, dedupes: bool) -> None:
    expected = "pending" if failure in UNSENT else "blocked" if failure is Failure.TLS else "in_doubt"
    assert classify(Answer(failure=failure), dedupes=dedupes).outcome == expected


@pytest.mark.parametrize("http", [200, 307, 404, 429])
def test_an_answer_that_broke_off_is_in_doubt_whatever_its_status_line_said(http: int) -> None:
    assert classify(Answer(failure=Failure.BROKEN_ANSWER, http_status=http)).outcome == "in_doubt"


def test_a_cxml_document_without_a_code_is_read_as_http_alone() -> None:
    assert classify(Answer(http_status=200, is_cxml=True)).outcome == "in_doubt"


@pytest.mark.parametrize("code", [200, 400, 401, 560])
def test_an_answer_to_another_order_settles_nothing(code: int) -> None:
    assert classify(cxml(code, echo_ok=False), dedupes=True).outcome == "in_doubt"


def test_a_supplier_that_takes_repeats_for_the_same_order_may_be_asked_again_when_it_says_so() -> None:
    assert classify(cxml(560), dedupes=True).outcome == "pending"
    assert classify(Answer(http_status=503), dedupes=True).outcome == "pending"
    assert classify(cxml(560), dedupes=True).may_have_left
    assert classify(Answer(http_status=503, retry_after=90), dedupes=True).retry_after == 90
    assert not classify(Answer(http_status=429), dedupes=True).may_have_left
    assert classify(cxml(500), dedupes=True).outcome == "in_doubt"
    assert classify(Answer(http_status=502), dedupes=True).outcome == "in_doubt"


def test_the_wait_a_server_asks_for_is_kept_up_to_an_hour() -> None:
    assert classify(Answer(http_status=429, retry_after=120)).retry_after == 120
    assert classify(Answer(http_status=429, retry_after=86_400)).retry_after == 3600
    assert classify(Answer(http_status=429, retry_after=-5)).retry_after == 0
    assert classify(Answer(http_status=429)).retry_after is None
    assert classify(Answer(http_status=502, retry_after=120)).retry_after is None


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(failure=Failure.READ_TIMEOUT), "read timeout"),
        (Answer(failure=Failure.BROKEN_ANSWER, http_status=200), "broken answer, HTTP 200"),
        (Answer(http_status=502), "HTTP 502 without a cXML status"),
        (Answer(), "an answer without a cXML status"),
        (cxml(401, "Unauthorized"), "HTTP 200, cXML 401 Unauthorized"),
    ],
)
def test_a_verdict_says_in_one_line_what_came(answer: Answer, detail: str) -> None:
    assert classify(answer).detail == detail
