"""What a purge keeps: everything about a request that is not over, and whatever a person has still to decide about."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from punchout.ledger.decisions.deciding import decide
from punchout.ledger.documents import quarantine
from punchout.ledger.documents.rereading import reprocess
from punchout.ledger.engine import reading
from punchout.ledger.retention.finished import KeptRequest, finished_requests
from punchout.ledger.retention.going import KeptDocument
from punchout.ledger.retention.purge import PurgeOutcome
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.touches import touch
from resources import policies as from_settings
from tests.reconciliation.stories import decided
from tests.support.ledgers import each, rows
from tests.support.plays import LOST, Play, Supplier
from tests.support.purchases import ACCOUNT, PENS, Purchase, requests_export
from tests.support.retention import (
    OVER,
    documents_of,
    holding,
    over,
    pass_years,
    purge_now,
)
from tests.support.stories import HTML_PAGE, confirmed

OPEN = Purchase(number="PR0006", order_id="106006", items=(PENS,))


def number_of(play: Play, ending: str) -> int:
    """Give the number of the document that was delivered under a name that ends so."""
    with reading(play.engine) as connection:
        query = "SELECT min(document_id) FROM delivery WHERE name LIKE :name"
        return int(connection.execute(sa.text(query), {"name": f"%{ending}"}).scalar_one())


def kept(outcome: PurgeOutcome) -> dict[str, tuple[str, ...]]:
    return {reason.name: numbers for reason, (_, numbers) in outcome.kept_requests.items()}


def in_doubt(play: Play) -> None:
    play.supplier = Supplier((LOST,))
    play.sync(*OPEN.exported())


def excepted(play: Play) -> None:
    over(play, OPEN)
    play.sync(OPEN.confirmation("111-9", (1, "reject", "1"), notice="04T10:00"))


def recent(play: Play) -> None:
    over(play, OPEN)
    play.later(24 * 300)
    play.sync()


def waiting(play: Play) -> None:
    over(play, OPEN)
    pass_years(play)
    each(play.engine, lambda c: touch(c, [OPEN.key]))


def decided_about(play: Play) -> None:
    over(play, OPEN)
    pass_years(play)
    closing = decided("close_line", f"{OPEN.number}/10000", at=play.now)
    each(play.engine, lambda c: decide(c, ACCOUNT, [closing], "ann", play.now))
    play.sync()


def not_ordered(play: Play) -> None:
    play.sync(requests_export(OPEN.new_row(), name="new.json"))


KEPT: dict[str, tuple[Callable[[Play], None], bool]] = {
    "DOUBT": (in_doubt, True),
    "EXCEPTED": (excepted, True),
    "OPEN": (not_ordered, True),
    "RECENT": (recent, False),
    "WAITING": (waiting, False),
}


@pytest.mark.parametrize("reason", KEPT)
def test_nothing_is_erased_of_a_request_that_is_not_over(play: Play, reason: str) -> None:
    story, years_go_by = KEPT[reason]
    story(play)
    if years_go_by:
        pass_years(play)
    found = purge_now(play)
    # An answer of the supplier's server belongs to no request.
    assert (kept(found), found.taken.documents.keys() <= {"Response"}) == ({reason: (OPEN.number,)}, True)
    assert (found.taken.orders, play.status()["requests"][0]["requester_email"] is not None) == (0, True)


def test_a_request_that_a_person_decided_about_lately_is_kept(play: Play) -> None:
    decided_about(play)
    assert kept(purge_now(play)) == {"RECENT": (OPEN.number,)}


def test_a_document_that_is_still_to_be_decided_about_is_kept(play: Play) -> None:
    play.sync(HTML_PAGE)
    pass_years(play)
    assert purge_now(play).kept_documents == {KeptDocument.UNDECIDED: 1}
    each(play.engine, lambda c: quarantine.dismiss(c, 1, "ann", "spam", play.now))
    assert purge_now(play).taken.documents == {"cxml": 1}
    assert (rows(play.engine, DOCUMENT)[0]["body"], play.broken_promises()) == (b"", {})


def test_a_document_without_its_order_is_kept(play: Play) -> None:
    play.sync(confirmed())
    pass_years(play)
    assert purge_now(play).kept_documents == {KeptDocument.WAITING: 1}


def test_an_export_that_brought_news_of_an_open_request_is_kept_whole(play: Play) -> None:
    over(play)
    play.sync(requests_export(OPEN.new_row(), {**OVER.row(), "requesterEmail": "jane.doe@else.example"}, name="b.json"))
    pass_years(play)
    found = purge_now(play)
    assert found.kept_documents[KeptDocument.OF_KEPT] == 1
    assert kept(found) == {"OPEN": (OPEN.number,)}
    assert holding(play.engine) == {"bc_request"}
    assert play.broken_promises() == {}


def test_a_repeated_document_is_kept_as_long_as_what_it_repeats(play: Play) -> None:
    play.sync(*OVER.exported(), documents_of()[0])
    play.sync(documents_of()[0].named("again"))
    pass_years(play)
    assert purge_now(play).kept_documents[KeptDocument.REPEATS] == 1


def test_an_earlier_reading_goes_with_the_one_that_counts(old: Play) -> None:
    number = number_of(old, f"{OVER.number}-1.xml")
    rules = from_settings.acceptance_rules(old.settings)
    each(old.engine, lambda c: reprocess(c, number, rules, "ann", old.now))
    old.exchange().settle()
    old.sync()
    assert holding(old.engine)
    purge_now(old)
    assert (holding(old.engine), old.broken_promises()) == (set(), {})
    states = {row["state"] for row in rows(old.engine, DOCUMENT_STATE)}
    assert "superseded" in states


def test_what_happens_in_between_keeps_a_request(old: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    found = finished_requests

    def and_then_it_is_touched(connection: sa.Connection, *rest: object) -> object:
        finished = found(connection, *rest)  # type: ignore[arg-type]  # handed on as it came
        each(old.engine, lambda c: touch(c, [OVER.key]))
        return finished

    monkeypatch.setattr("punchout.ledger.retention.purge.finished_requests", and_then_it_is_touched)
    outcome = purge_now(old)
    assert set(outcome.taken.documents) <= {"Response"}
    assert holding(old.engine)


def test_a_request_that_would_show_something_else_is_kept(old: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "punchout.ledger.retention.finished.history_without_personal_data",
        lambda history: type(history)(key=history.key, queued=history.queued),
    )
    assert kept(purge_now(old)) == {KeptRequest.RESTS.name: (OVER.number,)}
    assert holding(old.engine)
