"""A purge erases bytes and personal data of what is over, of nothing else, and everything goes on as it was."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.decisions.deciding import decide
from punchout.ledger.documents import quarantine
from punchout.ledger.documents.rereading import reprocess
from punchout.ledger.engine import reading
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.retention.erasing import erase
from punchout.ledger.retention.finished import KeptRequest, finished_requests
from punchout.ledger.retention.going import KeptDocument
from punchout.ledger.retention.purge import PurgeOutcome
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import CART_LINE, DOCUMENT, ORDER_BODY
from punchout.ledger.tables.logs import ANSWER, AUDIT
from punchout.ledger.touches import touch
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.views.trace import trace
from punchout.model.keys import RequestKey
from resources import policies as from_settings
from resources.replaying import replay_ledger
from tests.ledger.conftest import _after
from tests.reconciliation.stories import decided
from tests.support.ledgers import Ledgers, each, rows
from tests.support.plays import LOST, TAKEN, Play, Supplier
from tests.support.purchases import ACCOUNT, PENS, Purchase, requests_export
from tests.support.retention import (
    ANN,
    OVER,
    aged,
    cart_of,
    documents_of,
    everything_aged,
    foreseen,
    holding,
    over,
    pass_years,
    purge_now,
    terms,
)
from tests.support.stories import HTML_PAGE, confirmed

OPEN = Purchase(number="PR0006", order_id="106006", items=(PENS,))


@pytest.fixture
def old(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange years after a purchase in which a person is named everywhere came to its end."""
    with _after(ledgers, tmp_path, aged) as play:
        yield play


@pytest.fixture
def old_and_full(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """The exchange years after everything occurred."""
    with _after(ledgers, tmp_path, everything_aged) as play:
        yield play


def number_of(play: Play, ending: str) -> int:
    """Give the number of the document that was delivered under a name that ends so."""
    with reading(play.engine) as connection:
        query = "SELECT min(document_id) FROM delivery WHERE name LIKE :name"
        return int(connection.execute(sa.text(query), {"name": f"%{ending}"}).scalar_one())


def test_nothing_that_names_the_person_is_left_in_any_table(old: Play) -> None:
    assert holding(old.engine) >= {
        "bc_request",
        "bc_order",
        "cart_line",
        "order_line",
        "session_opened",
        "confirmation",
    }
    purge_now(old)
    assert holding(old.engine) == set()
    kept = [row for row in rows(old.engine, DOCUMENT) if row["body"] or row["codec"] != "purged"]
    assert (kept, [row["body"] for row in rows(old.engine, ORDER_BODY)]) == ([], [b""])
    assert [row["body"] for row in rows(old.engine, ANSWER)] == [b""]


def test_codes_of_parts_and_words_for_goods_stay(old: Play) -> None:
    purge_now(old)
    (line,) = rows(old.engine, CART_LINE)
    assert (line["description"], "012345678905" in str(line["extrinsics"])) == (f"Part {PENS.part}", True)


def test_a_plan_foresees_what_goes_and_what_stays_and_changes_nothing(old_and_full: Play) -> None:
    before = {name: rows(old_and_full.engine, table) for name, table in METADATA.tables.items()}
    found = foreseen(old_and_full)
    assert {name: rows(old_and_full.engine, table) for name, table in METADATA.tables.items()} == before
    assert (found.taken.orders, found.taken.answers, found.taken.sessions) == (1, 1, 1)
    assert found.taken.documents["ShipNoticeRequest"] == 2
    assert found.taken.bytes["ShipNoticeRequest"] > 1_000
    assert found == purge_now(old_and_full)


def test_everything_is_as_it_was_and_every_promise_holds(old_and_full: Play) -> None:
    digest, before = old_and_full.hash(), old_and_full.status()
    purge_now(old_and_full)
    after = old_and_full.status()
    gone = {one["request_no"]: one.pop("requester_email") for one in after["requests"]}
    stood = {one["request_no"]: one.pop("requester_email") for one in before["requests"]}
    assert (after, old_and_full.hash(), old_and_full.broken_promises()) == (before, digest, {})
    assert {number for number, email in stood.items() if gone[number] != email} == {OVER.number}
    old_and_full.later(1)
    old_and_full.sync()
    assert (old_and_full.hash(), old_and_full.broken_promises()) == (digest, {})


def test_a_ledger_rebuilt_after_a_purge_is_the_same(old_and_full: Play) -> None:
    purge_now(old_and_full)
    before = old_and_full.hash()
    each(old_and_full.engine, rebuild)
    old_and_full.exchange().settle()
    assert old_and_full.hash() == before


def test_a_replay_carries_over_what_it_cannot_read_any_more(ledgers: Ledgers, old_and_full: Play) -> None:
    purge_now(old_and_full)
    with ledgers.blank() as target, ledgers.blank() as again:
        found = replay_ledger(old_and_full.settings, old_and_full.engine, target)
        assert (found.differences, found.is_equal, found.hashes[0]) == ([], True, old_and_full.hash())
        assert found.carried == sum(row["codec"] == "purged" for row in rows(target, DOCUMENT)) > 0
        assert found.documents == sum(row["codec"] != "purged" for row in rows(target, DOCUMENT)) > 0
        assert Play(target, old_and_full.settings.home / "again").broken_promises() == {}
        assert replay_ledger(old_and_full.settings, target, again).is_equal


def test_what_comes_again_after_a_purge_is_known(old: Play) -> None:
    documents = [*documents_of(), cart_of()]
    purge_now(old)
    before, count = old.hash(), len(rows(old.engine, DOCUMENT))
    assert old.deliver(*documents).new == 0
    assert old.sync(documents[0].named("another-name")).parsed.duplicate == 1
    old.sync(documents[2].saying("<Comments>ask John</Comments>", "<Comments>ask Jane Doe</Comments>"))
    refused = [one.reason.value for one in listed(old)]
    assert (refused, len(rows(old.engine, DOCUMENT)), old.broken_promises()) == (["PAYLOAD_REUSED"], count + 2, {})
    assert old.hash() != before


def listed(play: Play) -> list[quarantine.Quarantined]:
    with reading(play.engine) as connection:
        return quarantine.listed(connection)


def test_a_document_that_is_posted_again_is_answered_as_it_was(old: Play) -> None:
    (before,) = old.post(documents_of()[0])
    purge_now(old)
    (after,) = old.post(documents_of()[0])
    assert (after.answer, after.standing, after.is_new) == (before.answer, before.standing, False)


def test_trace_says_who_purged_the_bytes_and_the_values_stay(old: Play) -> None:
    before = traced(old)
    purge_now(old)
    after = traced(old)
    said = {one["purged"] for one in after["documents"]}
    assert (len(said), all("by ann (retention of 400 days)" in text for text in said)) == (1, True)
    assert [(one["field"], one["value"]) for one in after["values"]] == [
        (one["field"], one["value"]) for one in before["values"]
    ]
    assert {one["purged"] for one in before["documents"]} == {None}


def traced(play: Play) -> dict[str, list[dict[str, str]]]:
    with reading(play.engine) as connection:
        return trace(connection, OVER.key, from_settings.policies(play.settings), play.now)


def test_a_purged_document_cannot_be_read_again_and_says_why(old: Play) -> None:
    number = number_of(old, f"{OVER.number}-0.xml")
    purge_now(old)
    rules = from_settings.acceptance_rules(old.settings)
    with pytest.raises(NotPossibleError, match=r"bytes purged on .* by ann"):
        each(old.engine, lambda c: reprocess(c, number, rules, "ann", old.now))
    assert old.broken_promises() == {}


def test_a_purge_is_written_down_with_what_it_erased(old: Play) -> None:
    taken = purge_now(old).taken
    written = rows(old.engine, PURGE)
    assert {(row["by"], row["reason"], row["at"], row["before"]) for row in written} == {
        (ANN.by, ANN.reason, old.now, terms(old).before)
    }
    assert sum(int(str(row["documents"])) for row in written) == sum(taken.documents.values())
    assert sum(int(str(row["bytes"])) for row in written) == sum(taken.bytes.values())
    audited = {str(row["subject"]) for row in rows(old.engine, AUDIT) if row["command"] == "purge"}
    assert audited == {str(row["purge_id"]) for row in written}


def test_a_second_purge_finds_nothing_and_writes_nothing(old_and_full: Play) -> None:
    first = purge_now(old_and_full)
    before = rows(old_and_full.engine, PURGE)
    second = purge_now(old_and_full)
    assert (second.taken.total, rows(old_and_full.engine, PURGE)) == (0, before)
    assert second.kept_documents == first.kept_documents


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


def test_a_purge_that_is_cut_short_is_written_down_as_far_as_it_came_and_goes_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(play, OVER, OPEN)
    pass_years(play)
    digest = play.hash()

    def erase_one(connection: sa.Connection, found: list[int], keys: list[RequestKey], purge_id: str) -> None:
        erase(connection, found, keys, purge_id)
        if OPEN.key in keys:
            raise KeyboardInterrupt

    monkeypatch.setattr("punchout.ledger.retention.purge._REQUESTS_AT_ONCE", 1)
    monkeypatch.setattr("punchout.ledger.retention.purge.erase", erase_one)
    with pytest.raises(KeyboardInterrupt):
        purge_now(play)
    assert (len(rows(play.engine, PURGE)), play.broken_promises()) == (1, {})
    monkeypatch.setattr("punchout.ledger.retention.purge.erase", erase)
    assert purge_now(play).taken.orders == 1
    assert (holding(play.engine), play.hash(), play.broken_promises()) == (set(), digest, {})


def test_a_request_that_would_show_something_else_is_kept(old: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "punchout.ledger.retention.finished.history_without_personal_data",
        lambda history: type(history)(key=history.key, queued=history.queued),
    )
    assert kept(purge_now(old)) == {KeptRequest.RESTS.name: (OVER.number,)}
    assert holding(old.engine)


def test_orders_that_ended_stay_in_the_outbox_and_send_nothing(old: Play) -> None:
    before = rows(old.engine, OUTBOX)
    purge_now(old)
    old.later(48)
    old.supplier = Supplier((TAKEN,))
    old.sync()
    assert (rows(old.engine, OUTBOX), old.supplier.bodies) == (before, [])
