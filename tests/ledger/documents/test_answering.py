"""Documents over HTTP: received, judged and answered in one transaction, and answered alike when they come again."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from punchout.ledger.documents import answering, quarantine
from punchout.ledger.documents.parse import parse
from punchout.ledger.documents.receive import Arrival
from punchout.ledger.documents.verdicts import claim_received
from punchout.ledger.tables.facts import CONFIRMATION, DOCUMENT
from punchout.ledger.tables.logs import ANSWER, DELIVERY
from punchout.model.codes import Code
from resources import policies
from resources.replaying import replay_ledger
from tests.support.deliveries import Delivery
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, HTML_PAGE, confirmed

CONFIRMED = confirmed()
WITHOUT_DOCTYPE = CONFIRMED.saying("", '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.071/cXML.dtd">\n')
"""The same document in other bytes."""
CONTRADICTING = CONFIRMED.saying('quantity="2"', instead_of='quantity="3"')
"""Another document under the same payloadID."""
REPEATED_UNDER_ANOTHER_ID = CONFIRMED.named("once-more")
CONFLICTING = CONTRADICTING.named("second-version")
"""The same confirmID with another body."""


def bodies(answers: Sequence[answering.Answered]) -> list[bytes]:
    return [one.answer.body for one in answers]


def post_composing(play: Play, document: Delivery, compose: answering.Compose) -> answering.Answered:
    arrival = Arrival(ACCOUNT, "cxml", "gateway", document.name, document.data)
    with play.engine.begin() as connection:
        rules = policies.acceptance_rules(play.settings)
        (answered,) = answering.answer(connection, [arrival], rules, play.now, compose)
    return answered


def numbered(count: "itertools.count[int]") -> answering.Compose:
    """Compose an answer that is like no other."""
    return lambda standing: answering.Answer(200, f"{standing.state} {next(count)}".encode())


def test_a_document_is_judged_and_its_answer_stored_with_it(play: Play) -> None:
    (answered,) = play.post(CONFIRMED)
    assert (answered.standing.state, answered.is_new, answered.answer.body) == ("accepted", True, b"accepted")
    assert len(rows(play.engine, CONFIRMATION)) == 1
    assert rows(play.engine, ANSWER) == [{"document_id": 1, "at": play.now, "code": 200, "body": b"accepted"}]
    assert [(one["feed"], one["is_first"]) for one in rows(play.engine, DELIVERY)] == [("gateway", True)]


def test_the_same_bytes_again_get_the_same_answer_and_count_once(play: Play) -> None:
    count = itertools.count()
    first, again = (post_composing(play, CONFIRMED, numbered(count)) for _ in range(2))
    assert again.answer == first.answer
    assert (again.is_new, len(rows(play.engine, DOCUMENT)), len(rows(play.engine, DELIVERY))) == (False, 1, 2)


def test_the_same_document_in_other_bytes_gets_the_answer_of_the_first(play: Play) -> None:
    count = itertools.count()
    first = post_composing(play, CONFIRMED, numbered(count))
    again = post_composing(play, WITHOUT_DOCTYPE, numbered(count))
    assert (again.answer, again.standing.state) == (first.answer, "duplicate")
    assert len(rows(play.engine, CONFIRMATION)) == 1


def test_the_same_payload_id_with_another_body_is_kept_apart_and_told_so(play: Play) -> None:
    _, answered = play.post(CONFIRMED, CONTRADICTING)
    assert answered.answer == answering.Answer(400, b"quarantined PAYLOAD_REUSED")
    with play.engine.begin() as connection:
        (kept,) = quarantine.listed(connection)
        assert kept.reason is Code.PAYLOAD_REUSED
        assert b'quantity="2"' in (quarantine.body(connection, kept.document_id) or b"")


def test_a_repetition_under_another_payload_id_has_an_answer_of_its_own(play: Play) -> None:
    count = itertools.count()
    first = post_composing(play, CONFIRMED, numbered(count))
    second = post_composing(play, REPEATED_UNDER_ANOTHER_ID, numbered(count))
    assert first.answer != second.answer
    assert post_composing(play, REPEATED_UNDER_ANOTHER_ID, numbered(count)).answer == second.answer


def test_a_repetition_of_what_was_refused_is_told_that_it_was_refused(play: Play) -> None:
    _, refused = play.post(CONFIRMED, CONFLICTING)
    assert refused.answer == answering.Answer(400, b"quarantined DOC_CONFLICT")
    (again,) = play.post(CONFLICTING.saying("", '<?xml version="1.0" encoding="UTF-8"?>\n'))
    assert (again.answer, again.standing.state) == (refused.answer, "duplicate")


def test_what_cannot_be_read_is_kept(play: Play) -> None:
    (answered,) = play.post(HTML_PAGE)
    assert (answered.answer.code, answered.standing.reason) == (400, Code.XML_REJECTED)
    with play.engine.begin() as connection:
        assert quarantine.body(connection, 1) == HTML_PAGE.data


def test_a_document_that_came_as_a_file_is_answered_by_what_became_of_it(play: Play) -> None:
    play.take_in(CONFIRMED, CONTRADICTING)
    answers = play.post(CONFIRMED, CONTRADICTING)
    assert bodies(answers) == [b"accepted", b"quarantined PAYLOAD_REUSED"]
    assert [one.is_new for one in answers] == [False, False]


def test_a_document_that_came_as_a_file_and_waits_is_judged_before_it_is_answered(play: Play) -> None:
    play.deliver(CONFIRMED)
    assert bodies(play.post(CONFIRMED)) == [b"accepted"]


def test_a_document_that_is_read_again_is_answered_anew(play: Play) -> None:
    strict = play.under(environment="test")
    assert strict.post(CONFIRMED)[0].standing.reason is Code.ENV_MISMATCH
    with play.engine.begin() as connection:
        quarantine.redrive(connection, 1, "ann", play.now)
    assert bodies(play.post(CONFIRMED)) == [b"accepted"]


def test_one_that_was_dismissed_stays_refused(play: Play) -> None:
    (refused,) = play.post(HTML_PAGE)
    with play.engine.begin() as connection:
        quarantine.dismiss(connection, 1, "ann", "a test", play.now)
    assert play.post(HTML_PAGE)[0].answer == refused.answer


def test_the_same_document_twice_at_once_is_one_document_with_one_answer(play: Play) -> None:
    first, second = play.post(CONFIRMED, CONFIRMED)
    assert first.answer == second.answer
    assert (first.is_new, second.is_new, len(rows(play.engine, ANSWER))) == (True, False, 1)


def test_nothing_is_kept_where_the_answer_cannot_be_written(play: Play) -> None:
    def fails(_standing: answering.Standing) -> answering.Answer:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        post_composing(play, CONFIRMED, fails)
    assert [rows(play.engine, table) for table in (DOCUMENT, DELIVERY, ANSWER, CONFIRMATION)] == [[], [], [], []]


TOGETHER = [CONFIRMED, WITHOUT_DOCTYPE, REPEATED_UNDER_ANOTHER_ID, FIRST.ship_notice("S1", (1, "3")), HTML_PAGE]


def test_what_is_judged_together_is_judged_as_one_by_one(ledgers: Ledgers, play: Play) -> None:
    play.take_in(*FIRST.exported())
    together = play.post(*TOGETHER)
    play.sync()
    with ledgers.migrated() as engine:
        alone = Play(engine, play.settings.home)
        alone.switch_on()
        alone.take_in(*FIRST.exported())
        one_by_one = [alone.post(document)[0] for document in TOGETHER]
        alone.sync()
        assert one_by_one == together
        assert alone.hash() == play.hash()


def test_several_workers_at_once_count_each_document_once_and_answer_it_alike(play: Play) -> None:
    documents = [CONFIRMED.named(f"of-{n}").saying(f'confirmID="{n}"', 'confirmID="111-PR0001"') for n in range(12)]
    count = itertools.count()

    def posted(worker: int) -> dict[bytes, bytes]:
        turned = documents[worker:] + documents[:worker]
        return {one.data: post_composing(play, one, numbered(count)).answer.body for one in turned}

    with ThreadPoolExecutor(6) as pool:
        first, *others = pool.map(posted, range(6))
    assert others == [first] * 5
    assert len(rows(play.engine, DOCUMENT)) == len(rows(play.engine, CONFIRMATION)) == len(documents)
    assert len(rows(play.engine, DELIVERY)) == 6 * len(documents)


def test_answers_are_no_part_of_the_ledger_and_a_replay_knows_nothing_of_them(ledgers: Ledgers, play: Play) -> None:
    play.take_in(CONFIRMED)
    play.sync()
    before = play.hash()
    play.post(CONFIRMED)
    assert play.hash() == before
    with ledgers.blank() as target:
        assert replay_ledger(play.settings, play.engine, target).is_equal
        assert rows(target, ANSWER) == []
        elsewhere = Play(target, play.settings.home)
        assert bodies(elsewhere.post(CONFIRMED)) == [b"accepted"]


@pytest.mark.postgres
@pytest.mark.parametrize("ledgers", ["postgres"], indirect=True)
def test_a_document_that_another_worker_judges_at_this_moment_is_answered_when_that_is_done(play: Play) -> None:
    play.deliver(CONFIRMED)
    rules = policies.acceptance_rules(play.settings)
    with ThreadPoolExecutor(1) as pool:
        with play.engine.begin() as other:
            assert claim_received(other, ("cxml",), 1)
            posted = pool.submit(play.post, CONFIRMED)
            with pytest.raises(TimeoutError):
                posted.result(timeout=0.5)
            assert parse(other, rules, 1).accepted == 1
        assert bodies(posted.result()) == [b"accepted"]
    assert len(rows(play.engine, CONFIRMATION)) == 1
