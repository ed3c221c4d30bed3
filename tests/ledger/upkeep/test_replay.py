"""A replay makes the same ledger from the stored bytes; what is sent is not sent again, and nothing could be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.decisions.deciding import decide
from punchout.ledger.documents import quarantine
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.tables.base import CLASS_OF, METADATA, TableClass
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.projections import LINE_POSITION, REQUEST_STAGE
from punchout.ledger.upkeep import compare as comparing
from punchout.ledger.upkeep import rebuild, replay
from punchout.ledger.upkeep.compare import compare
from punchout.ledger.upkeep.replay import HalfMadeError, NotEmptyError
from resources import order_channel, replaying
from resources.replaying import Replayed, replay_ledger
from tests.reconciliation.stories import decided
from tests.support.ledgers import Ledgers, at_revision, each, rows
from tests.support.plays import Play, settings_for
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, HTML_PAGE, SECOND, confirmed

OWN = ("order_queued", "order_line", "order_body", "send_marked", "send_result", "update_queued", "update_delivered")


@contextmanager
def replayed(ledgers: Ledgers, play: Play) -> Iterator[tuple[Replayed, sa.Engine]]:
    with ledgers.blank() as target:
        yield replay_ledger(play.settings, play.engine, target), target


def test_a_replay_of_a_story_in_which_everything_occurs_is_equal(ledgers: Ledgers, told: Play) -> None:
    with replayed(ledgers, told) as (found, target):
        assert found.differences == []
        assert found.hashes == (told.hash(), told.hash())
        assert (found.is_equal, found.as_of, found.documents) == (True, told.now, len(rows(target, DOCUMENT)))


def test_a_replay_holds_every_fact_of_our_own_sending_and_every_decision_and_no_order_to_send(
    ledgers: Ledgers, after_a_purge: Play
) -> None:
    names = [*OWN, *(name for name, of in CLASS_OF.items() if of is TableClass.DECISION)]
    with replayed(ledgers, after_a_purge) as (_, target):
        assert rows(target, OUTBOX) == []
        for name in names:
            both = [sorted(map(repr, rows(engine, METADATA.tables[name]))) for engine in (after_a_purge.engine, target)]
            assert both[0], name
            assert both[0] == both[1], name


def test_a_replay_changes_nothing_in_the_ledger_and_sends_nothing(ledgers: Ledgers, told: Play) -> None:
    before = {name: rows(told.engine, table) for name, table in METADATA.tables.items()}
    bodies = len(told.supplier.bodies)
    with replayed(ledgers, told):
        pass
    assert {name: rows(told.engine, table) for name, table in METADATA.tables.items()} == before
    assert len(told.supplier.bodies) == bodies


def test_a_replay_has_no_channel_to_send_by(ledgers: Ledgers, told: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a replay opened the way to the supplier")

    monkeypatch.setattr(order_channel, "SupplierClient", refuse)
    monkeypatch.setattr("resources.exchange.order_channel", refuse)
    with replayed(ledgers, told) as (found, _):
        assert found.is_equal


def test_every_promise_holds_in_a_replayed_ledger(ledgers: Ledgers, told: Play, tmp_path: Path) -> None:
    with replayed(ledgers, told) as (_, target):
        assert Play(target, tmp_path / "again").broken_promises() == {}


def test_a_replay_of_a_replay_is_equal(ledgers: Ledgers, told: Play) -> None:
    with replayed(ledgers, told) as (first, target), ledgers.blank() as again:
        second = replay_ledger(told.settings, target, again)
        assert (second.is_equal, second.hashes[1]) == (True, first.hashes[0])


def test_a_replay_on_another_kind_of_database_is_equal(told: Play, tmp_path: Path) -> None:
    target = open_engine(f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")
    try:
        assert replay_ledger(told.settings, told.engine, target).is_equal
    finally:
        target.dispose()


def test_a_dismissed_document_stays_dismissed(ledgers: Ledgers, play: Play) -> None:
    play.sync(HTML_PAGE)
    each(play.engine, lambda c: quarantine.dismiss(c, 1, "ann", "spam", play.now))
    with replayed(ledgers, play) as (found, _):
        assert found.is_equal


def test_decisions_are_honoured(ledgers: Ledgers, placed: Play) -> None:
    placed.sync(confirmed())
    closing = decided("close_line", "PR0001/10000", at=placed.now)
    each(placed.engine, lambda c: decide(c, ACCOUNT, [closing], "ann", placed.now))
    placed.sync()
    with replayed(ledgers, placed) as (found, target):
        assert found.is_equal
        each(placed.engine, lambda c: c.execute(sa.delete(ANALYST_DECISION)))
        assert len(rows(target, ANALYST_DECISION)) == 1
    with replayed(ledgers, placed) as (found, _):
        assert not found.is_equal


def test_what_differs_is_told_by_request_and_table(ledgers: Ledgers, finished: Play) -> None:
    with finished.engine.begin() as connection:
        connection.execute(sa.update(LINE_POSITION).where(LINE_POSITION.c.line_number == 10_000).values(invoiced=7))
        connection.execute(sa.update(REQUEST_STAGE).values(stage="Closed"))
    with replayed(ledgers, finished) as (found, _):
        assert not found.is_equal
        assert [(one.subject, one.table, one.here, one.there, one.columns) for one in found.differences] == [
            ("PR0001", "request_stage", "1 of 1 rows", "1 of 1 rows", ("stage",)),
            ("PR0001", "line_position", "1 of 2 rows", "1 of 2 rows", ("invoiced",)),
        ]


def test_a_request_that_only_one_of_two_ledgers_has_differs_whichever_it_is(ledgers: Ledgers, finished: Play) -> None:
    with ledgers.blank() as target:
        replay_ledger(finished.settings, finished.engine, target)
        finished.sync(*SECOND.exported())
        with finished.engine.connect() as here, target.connect() as there:
            subjects = [{one.subject for one in compare(*pair)} for pair in ((here, there), (there, here))]
        assert subjects[0] == subjects[1]
        assert "PR0002" in subjects[0]


def test_a_verdict_that_would_be_another_today_differs(ledgers: Ledgers, play: Play, tmp_path: Path) -> None:
    play.sync(*FIRST.exported(), confirmed())
    stranger = {"identities": [{"domain": "NetworkId", "identity": "Somebody"}]}
    play.settings = settings_for(tmp_path / "changed", supplier=stranger)
    with replayed(ledgers, play) as (found, _):
        verdict = found.differences[0]
        assert (verdict.table, verdict.here, verdict.there) == (
            "document_state",
            "accepted",
            "quarantined AUTH_FAILED",
        )


def test_what_waits_for_the_next_sync_is_told(ledgers: Ledgers, placed: Play) -> None:
    placed.deliver(confirmed())
    with replayed(ledgers, placed) as (found, _):
        assert (found.waiting, found.is_equal) == (1, False)


def test_a_replay_into_a_database_that_holds_something_is_refused(told: Play) -> None:
    before = told.hash()
    with pytest.raises(NotEmptyError):
        replay_ledger(told.settings, told.engine, told.engine)
    assert told.hash() == before


def test_a_replay_into_a_ledger_to_which_nothing_happened_is_equal(ledgers: Ledgers, told: Play) -> None:
    with ledgers.migrated() as target:
        assert replay_ledger(told.settings, told.engine, target).is_equal


def test_a_replay_into_another_schema_is_refused(ledgers: Ledgers, told: Play) -> None:
    with ledgers.blank() as target:
        at_revision(target, "0001")
        with pytest.raises(NotEmptyError, match="has tables in it"):
            replay_ledger(told.settings, told.engine, target)


STEPS = ("copy_documents", "copy_own_facts", "set_aside_again", "end_run")


@pytest.mark.parametrize("step", STEPS)
def test_a_replay_that_was_cut_short_is_told_from_a_ledger(
    ledgers: Ledgers, told: Play, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class PowerCutError(Exception):
        pass

    def cut_short(*_: object) -> None:
        raise PowerCutError

    with ledgers.blank() as target:
        with monkeypatch.context() as patched:
            patched.setattr(replay, step, cut_short)
            with pytest.raises(PowerCutError):
                replay_ledger(told.settings, told.engine, target)
        with pytest.raises(HalfMadeError):
            replay_ledger(told.settings, told.engine, target)
        with pytest.raises(HalfMadeError, match="remove it"), reading(target) as connection:
            replay.require_whole(connection)


def test_how_much_is_taken_at_a_time_changes_nothing(
    ledgers: Ledgers, told: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_DOCUMENTS_AT_ONCE", 2)
    monkeypatch.setattr(replay, "_ROWS_AT_ONCE", 1)
    monkeypatch.setattr(rebuild, "_ORDERS_AT_ONCE", 1)
    monkeypatch.setattr(comparing, "_REQUESTS_AT_ONCE", 1)
    monkeypatch.setattr(replaying, "_DOCUMENTS_AT_ONCE", 1)
    with replayed(ledgers, told) as (found, target):
        assert found.is_equal
        with target.begin() as connection:
            connection.execute(sa.update(REQUEST_STAGE).values(stage="Closed"))
        with told.engine.connect() as here, target.connect() as there:
            stages = sorted(one.subject for one in compare(here, there))
    assert stages == sorted(one["request_no"] for one in told.status()["requests"])
