"""A restored copy of the ledger sends nothing: it does not know what has left since it was made."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.cli.channel import set_channel
from punchout.ledger.engine import open_engine
from punchout.ledger.schema import upgrade
from punchout.ledger.sending import epochs
from resources.epoch_note import NAME
from resources.policies import epoch_note
from tests.support.plays import Play
from tests.support.purchases import PENS, Purchase

FIRST, SECOND = (Purchase(number=f"PR{n:04}", order_id=f"10600{n}", items=(PENS,)) for n in (1, 2))


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """An exchange over a ledger in a file, which can be copied as a backup is."""
    (tmp_path / "home").mkdir()
    engine = open_engine(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    upgrade(engine)
    play = Play(engine, tmp_path / "home")
    play.switch_on()
    yield play
    engine.dispose()


@pytest.fixture
def restored(play: Play, tmp_path: Path) -> Iterator[Play]:
    """The ledger of yesterday, put back after its order was sent today."""
    play.take_in(*FIRST.exported())
    play.exchange().queue_orders()
    play.exchange().settle()
    copy = tmp_path / "restored.sqlite3"
    backup(play.engine, copy)
    play.sync()
    assert play.order().state == "sent"
    engine = open_engine(f"sqlite:///{copy}")
    again = Play(engine, play.settings.home)
    again.now, again.supplier = play.now, play.supplier
    again.later(24)
    yield again
    engine.dispose()


def backup(engine: sa.Engine, target: Path) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{target}'")


def noted(play: Play) -> dict[str, object]:
    found: dict[str, object] = json.loads((play.settings.home / NAME).read_text())
    return found


def release(play: Play) -> list[str]:
    return set_channel(play.settings, play.engine, on=True, by="ann", reason="looked", as_of=play.now)


def test_every_attempt_is_noted_before_its_first_byte_leaves(play: Play) -> None:
    seen: list[object] = []
    play.supplier.on_arrival = lambda _: seen.append(noted(play)["epoch"])
    play.sync(*FIRST.exported())
    play.later(1)
    play.sync(*(one.again(f"second-{one.name}") for one in SECOND.exported()))
    assert seen == [1, 2]


def test_nothing_leaves_a_ledger_that_was_restored(restored: Play) -> None:
    for _ in range(2):
        restored.sync()
        restored.later(24)
    assert (len(restored.supplier.bodies), restored.order().state) == (1, "pending")
    reason = "this ledger is older than the last order sent; attempts it does not know of: 1 (30.00 USD)"
    assert restored.request()["outbox_reason"] == reason
    assert "OUT_BLOCKED" in restored.request()["exceptions"]


def test_a_named_person_s_word_lets_it_send_again(restored: Play) -> None:
    restored.sync()
    assert any("may send again" in line for line in release(restored))
    restored.sync()
    assert (len(restored.supplier.bodies), restored.order().state) == (2, "sent")
    assert restored.broken_promises() == {}


def test_after_a_word_the_ledger_that_was_replaced_is_the_older_one(restored: Play, play: Play) -> None:
    release(restored)
    restored.sync()
    play.now = restored.now
    play.sync(*(one.again(f"second-{one.name}") for one in SECOND.exported()))
    assert (play.order("PR0002").state, len(play.supplier.bodies)) == ("pending", 2)


def test_a_new_ledger_in_an_old_home_sends_nothing(restored: Play, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'another.sqlite3'}")
    upgrade(engine)
    another = Play(engine, restored.settings.home)
    another.switch_on()
    another.sync(*FIRST.exported())
    assert (another.supplier.bodies, another.order().state) == ([], "pending")
    assert str(another.request()["outbox_reason"]).startswith("orders were last sent from another ledger")
    release(another)
    another.sync()
    assert another.order().state == "sent"
    engine.dispose()


def test_a_note_that_cannot_be_understood_stops_sending(play: Play) -> None:
    (play.settings.home / NAME).write_text("{")
    play.sync(*FIRST.exported())
    assert (play.supplier.bodies, play.order().state) == ([], "pending")
    assert "sending-epoch.json is damaged" in str(play.request()["outbox_reason"])


def test_an_order_whose_attempt_cannot_be_noted_does_not_leave(play: Play) -> None:
    shutil.rmtree(play.settings.home)
    play.take_in(*FIRST.exported())
    play.exchange().queue_orders()
    play.exchange().dispatch()
    assert (play.supplier.bodies, play.order().state) == ([], "pending")
    assert str(play.order().reason).startswith("nothing was sent: what was sent last cannot be noted")


def test_the_later_of_two_notes_stands(play: Play) -> None:
    note = epoch_note(play.settings)
    for number in (3, 5, 4):
        note.write(epochs.Epoch("one", number))
    assert note.read() == epochs.Epoch("one", 5)
    note.write(epochs.Epoch("another", 1))
    assert note.read() == epochs.Epoch("another", 1)
    assert (play.settings.home / NAME).stat().st_mode & 0o777 == 0o600


def test_a_ledger_that_knows_more_than_the_note_sends(play: Play) -> None:
    play.sync(*FIRST.exported())
    (play.settings.home / NAME).unlink()
    play.later(1)
    play.sync(*(one.again(f"second-{one.name}") for one in SECOND.exported()))
    assert play.order("PR0002").state == "sent"


def test_an_order_that_leaves_while_the_note_is_read_does_not_make_the_ledger_look_older(play: Play) -> None:
    class Meanwhile:
        def read(self) -> epochs.Epoch | None:
            with play.engine.begin() as other:
                return epochs.advance(other)

        def write(self, epoch: epochs.Epoch) -> None:
            raise AssertionError(epoch)

    play.sync(*FIRST.exported())
    with play.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        assert epochs.older_than_noted(connection, Meanwhile()) is None
