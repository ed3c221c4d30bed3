"""A purge erases bytes and personal data of what is over, of nothing else, and everything goes on as it was."""

import pytest
import sqlalchemy as sa

from punchout.ledger.documents import quarantine
from punchout.ledger.documents.rereading import reprocess
from punchout.ledger.engine import reading
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.retention.erasing import erase
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.decisions import PURGE
from punchout.ledger.tables.facts import CART_LINE, DOCUMENT, DOCUMENT_ENVELOPE, ORDER_BODY
from punchout.ledger.tables.logs import ANSWER, AUDIT
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.views.trace import trace
from punchout.model.keys import RequestKey
from resources import policies as from_settings
from resources.replaying import replay_ledger
from tests.support.ledgers import Ledgers, each, rows
from tests.support.plays import TAKEN, Play, Supplier
from tests.support.purchases import PENS, Purchase
from tests.support.retention import (
    ANN,
    OVER,
    cart_of,
    documents_of,
    foreseen,
    holding,
    over,
    pass_years,
    purge_now,
    terms,
)

OPEN = Purchase(number="PR0006", order_id="106006", items=(PENS,))


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


def test_notes_keep_their_code_and_place_and_lose_what_they_quote(old: Play) -> None:
    note = '[["TS_NAIVE", "/cXML/@timestamp", "said by Jane Doe"]]'
    each(old.engine, lambda c: c.execute(sa.update(DOCUMENT_ENVELOPE).values(notes=note)))
    purge_now(old)
    found = {str(row["notes"]) for row in rows(old.engine, DOCUMENT_ENVELOPE)}
    assert found == {'[["TS_NAIVE", "/cXML/@timestamp", ""]]'}


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


def test_what_comes_again_after_a_purge_is_known_and_in_a_replay_too(ledgers: Ledgers, old: Play) -> None:
    documents = [*documents_of(), cart_of()]
    purge_now(old)
    before, count = old.hash(), len(rows(old.engine, DOCUMENT))
    assert old.deliver(*documents).new == 0
    assert old.sync(documents[0].named("another-name")).parsed.duplicate == 1
    old.sync(documents[2].saying("<Comments>ask John</Comments>", "<Comments>ask Jane Doe</Comments>"))
    refused = [one.reason.value for one in listed(old)]
    assert (refused, len(rows(old.engine, DOCUMENT)), old.broken_promises()) == (["PAYLOAD_REUSED"], count + 2, {})
    assert old.hash() != before
    with ledgers.blank() as target:
        assert replay_ledger(old.settings, old.engine, target).is_equal


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


def test_orders_that_ended_stay_in_the_outbox_and_send_nothing(old: Play) -> None:
    before = rows(old.engine, OUTBOX)
    purge_now(old)
    old.later(48)
    old.supplier = Supplier((TAKEN,))
    old.sync()
    assert (rows(old.engine, OUTBOX), old.supplier.bodies) == (before, [])
