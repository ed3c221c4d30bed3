"""Sending as a machine of its own: whatever happens in whatever order, money leaves once, and a doubt stays one.

The machine knows what the supplier really has, which the ledger cannot. It is told what happens (documents, crashes
between units of work, every way an attempt can end, people's words, jumps of both clocks), and after each step it
compares what the ledger says with what is so.

Half of the histories are in `test_sending_model_further.py`, so that two test processes can share them.
"""

import dataclasses
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from punchout.ledger import runs
from punchout.ledger.documents import quarantine, rereading
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.sending import dispatch, outbox, switches
from punchout.ledger.sending.dispatch import Marked, mark, send_one
from punchout.ledger.sending.outbox import OutboxOrder, orders
from punchout.ledger.sending.rules import Clocks, SendingRules
from punchout.ledger.tables.facts import DOCUMENT
from punchout.model.moments import HOUR
from resources.policies import acceptance_rules, sending_rules
from tests.support.deliveries import Delivery
from tests.support.effort import is_night, long_examples
from tests.support.endings import ENDINGS
from tests.support.plays import Play
from tests.support.postgres import quick_folder
from tests.support.sending_world import ANSWERS, DOCUMENTS, PAYLOAD_IDS, PURCHASES, Remembered, Supplier, fill

pytestmark = pytest.mark.slow

PAYLOADS = st.sampled_from(PAYLOAD_IDS)
_VERIFIED_OF = 12
"""Of how many histories one is verified to the end, which takes as long as playing two."""


def several_endings(number: int) -> list[str]:
    """Give an ending for each purchase by one number, which is drawn faster than a list."""
    names = sorted(ENDINGS)
    return [names[number // len(names) ** place % len(names)] for place in range(len(PURCHASES))]


SEVERAL_ENDINGS = st.sampled_from(range(len(ENDINGS) ** len(PURCHASES))).map(several_endings)


class World(RuleBasedStateMachine):
    """The exchange, the supplier, and what people know."""

    home: ClassVar[Path]
    engine: ClassVar[sa.Engine]
    blank: ClassVar[sqlite3.Connection]
    database: ClassVar[sqlite3.Connection]

    @initialize(trusted=st.booleans(), number=st.sampled_from(range(_VERIFIED_OF)))
    def begin(self, trusted: bool, number: int) -> None:  # noqa: FBT001 - drawn by Hypothesis
        self.blank.backup(self.database)
        self.seen: tuple[list[tuple[object, ...]], list[OutboxOrder]] | None = None
        self.note = Remembered()
        self.trusted, self.is_verified = trusted, number == 1
        changes: dict[str, Any] = {"supplier": {"dedupes_payload_id": True}} if trusted else {}
        self.play = Play(self.engine, self.home, **changes)
        self.supplier = Supplier(self.engine)
        self.wall = self.latest = self.play.now
        self.words: dict[str, list[str]] = {}
        self.last: dict[str, str] = {}
        self.delivered: list[Delivery] = []

    # What comes in, and is worked off; between any two of these the process may have died.

    @rule(document=st.sampled_from(DOCUMENTS))
    def deliver(self, document: Delivery) -> None:
        self.play.deliver(document)
        self.delivered.append(document)

    @precondition(lambda self: self.delivered)
    @rule(data=st.data(), name=st.integers(0, 99))
    def deliver_again(self, data: st.DataObject, name: int) -> None:
        self.play.deliver(data.draw(st.sampled_from(self.delivered)).again(f"again-{name}.xml"))

    @rule(step=st.sampled_from(("parse", "settle", "parse and settle", "redrive", "tell Business Central")))
    def work(self, step: str) -> None:
        exchange = self.play.exchange()
        if step.startswith("parse"):
            exchange.parse()
        if step.endswith("settle"):
            exchange.settle()
        if step == "redrive":
            with self.engine.begin() as connection:
                for found in quarantine.listed(connection)[:1]:
                    quarantine.redrive(connection, found.document_id, "ann", self.play.now)
        if step == "tell Business Central":
            exchange.update_business_central()

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(0, 99))
    def reprocess(self, which: int) -> None:
        """Have a document read again now, where that may be."""
        with reading(self.engine) as connection:
            documents = connection.execute(sa.select(DOCUMENT.c.id).where(DOCUMENT.c.content == "cxml")).scalars().all()
        with suppress(NotPossibleError), self.engine.begin() as connection:
            rules = acceptance_rules(self.play.settings)
            rereading.reprocess(connection, documents[which % len(documents)], rules, "ann", self.play.now)

    # What goes out.

    @rule(endings=SEVERAL_ENDINGS)
    def dispatch(self, endings: list[str]) -> None:
        self.send_what_waits(endings)

    def send_what_waits(self, endings: list[str]) -> None:
        with self.engine.begin() as connection:
            dispatch.recover(connection, self.clocks)
            waiting = dispatch.waiting(connection, self.play.now)
        for payload_id, name in zip(waiting, endings, strict=False):
            self.supplier.ending = ENDINGS[name]
            send_one(self.engine, payload_id, self.supplier, self.sending, self.clocks)

    @rule(payload_id=PAYLOADS, name=st.sampled_from(sorted(ENDINGS)), sent=st.booleans())
    def die_while_sending(self, payload_id: str, name: str, sent: bool) -> None:  # noqa: FBT001 - as above
        self.supplier.ending = ENDINGS[name]
        with self.engine.begin() as connection:
            marked = mark(connection, payload_id, self.sending, self.clocks)
        if isinstance(marked, Marked) and sent:
            self.supplier.send(marked.body)

    @rule()
    def start_again(self) -> None:
        """Come back after all leases are over, with the channel switched on again and no order held."""
        self.play.switch_on()
        for order in self.orders():
            self.hold_or_let_go_of(order, "release" if order.state != "draft" else "send")
        self.wall = self.latest = max(self.latest, self.wall) + HOUR
        with self.engine.begin() as connection:
            dispatch.recover(connection, self.clocks)
        assert not self.states("sending")

    # What people do.

    @rule(payload_id=PAYLOADS)
    def settle_a_doubt_truly(self, payload_id: str) -> None:
        order = self.order(payload_id)
        if order.state == "in_doubt":
            word = "sent" if self.supplier.has[payload_id] else "pending"
            self.words.setdefault(payload_id, []).append(word)
            with self.engine.begin() as connection:
                outbox.settle(connection, order, word, "ann", "looked", self.play.now)

    @rule(payload_id=PAYLOADS, step=st.sampled_from(("hold", "release", "release", "send")))
    def hold_or_let_go(self, payload_id: str, step: str) -> None:
        self.hold_or_let_go_of(self.order(payload_id), step)

    def hold_or_let_go_of(self, order: OutboxOrder, step: str) -> None:
        if step == "send" and order.state == "draft":
            with self.engine.begin() as connection:
                outbox.send_draft(connection, order, "ann", self.play.now)
        elif order.state in outbox._FROM.get(step, ()):
            with self.engine.begin() as connection:
                outbox.move(connection, order, step, "ann", self.play.now)

    @rule(on=st.sampled_from((True, True, True, True, False)))
    def switch(self, on: bool) -> None:  # noqa: FBT001 - as above
        with self.engine.begin() as connection:
            switches.set_switch(connection, switches.ORDERS, on=on, by="ann", reason=None, at=self.play.now)

    @rule(hours=st.sampled_from((0.1, 0.5, 5, 36)), jump=st.sampled_from((-36, -1, 0, 1, 36)), endings=SEVERAL_ENDINGS)
    def wait(self, hours: float, jump: int, endings: list[str]) -> None:
        """Let time pass, while the machine's clock jumps, until orders are sent again."""
        self.play.later(hours)
        self.wall += jump * HOUR
        self.latest = max(self.latest, self.wall)
        with self.engine.begin() as connection:
            runs.open_run(connection, f"as of {self.play.now}", self.play.now, self.play.now)
        self.play.exchange().touch_due()
        self.send_what_waits(endings)

    # What must be so after every step.

    @invariant()
    def the_supplier_has_no_order_twice(self) -> None:
        # It takes repeats for one order, where it was shown to; else each arrival that it has is another order.
        for payload_id, times in self.supplier.has.items():
            assert times <= (4 if self.trusted else 1), f"{payload_id} was taken {times} times"

    @invariant()
    def every_attempt_has_the_same_bytes(self) -> None:
        assert all(len(set(bodies)) == 1 for bodies in self.supplier.arrived.values())

    @invariant()
    def no_order_is_lost_and_each_is_where_it_may_be(self) -> None:
        now = {order.payload_id: order for order in self.orders()}
        assert set(now) == set(PAYLOAD_IDS)
        for payload_id, order in now.items():
            self.may_move(payload_id, self.last.get(payload_id), order.state)
            self.is_so(payload_id, order)
        self.last = {payload_id: order.state for payload_id, order in now.items()}

    def may_move(self, payload_id: str, before: str | None, now: str) -> None:
        """Nothing but a word or an answer ends a doubt, and nothing at all what was sent, refused or given up."""
        if before in {"sent", "refused", "cancelled"}:
            assert now == before
        if before == "in_doubt" and now != before:
            by_word = self.words.get(payload_id, [""])[-1]
            assert now == by_word or (now == "sent" and payload_id in self.known_answers())

    def is_so(self, payload_id: str, order: OutboxOrder) -> None:
        """What the ledger says is what the supplier has, as far as anybody can know."""
        has = self.supplier.has[payload_id]
        if order.state == "sent":
            assert has or payload_id in self.known_answers() or "sent" in self.words.get(payload_id, [])
        if order.state in {"draft", "pending", "hold", "refused", "blocked"} and not self.trusted:
            assert not has, f"{payload_id} is {order.state}, and the supplier has it"

    def known_answers(self) -> set[str]:
        names = {name for document in self.delivered for name in ANSWERS if name.encode() in document.data}
        return {ANSWERS[name] for name in names}

    def teardown(self) -> None:
        """When all is worked off, the ledger keeps every promise, and doing it again changes nothing.

        Only every so often, since it takes longer than a whole history.
        """
        if not getattr(self, "is_verified", False):
            return
        self.start_again()
        exchange = self.play.exchange()
        with self.engine.begin() as connection:
            runs.open_run(connection, "the last", self.play.now, self.play.now)
        for _ in range(2):
            exchange.parse()
            exchange.touch_due()
            exchange.settle()
            exchange.recheck_waiting()
            exchange.settle()
            exchange.update_business_central()
        before = self.play.hash()
        assert self.play.broken_promises() == {}
        for number, document in enumerate(self.delivered[:5]):
            self.play.deliver(document.again(f"once-more-{number}.xml"))
        exchange.parse()
        exchange.settle()
        assert self.play.hash() == before

    # How it is looked at.

    @property
    def clocks(self) -> Clocks:
        return Clocks(self.play.now, self.wall)

    @property
    def sending(self) -> SendingRules:
        return dataclasses.replace(sending_rules(self.play.settings), epoch_note=self.note)

    def orders(self) -> list[OutboxOrder]:
        """Read the outbox, unless no row of it has changed since; what else is told of an order never changes."""
        stored = self.database.execute("SELECT * FROM outbox ORDER BY payload_id").fetchall()
        if self.seen is None or self.seen[0] != stored:
            with reading(self.engine) as connection:
                self.seen = stored, orders(connection)
        return self.seen[1]

    def order(self, payload_id: str) -> OutboxOrder:
        return next(one for one in self.orders() if one.payload_id == payload_id)

    def states(self, state: str) -> list[str]:
        return [one.order_id for one in self.orders() if one.state == state]


def driver(engine: sa.Engine) -> sqlite3.Connection:
    """Give the one connection of a database in memory as the driver knows it."""
    raw = engine.raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    raw.close()
    return connection


@contextmanager
def begun() -> Iterator[type[World]]:
    """Give a world whose ledger begins with four orders that wait and one draft, everything switched on."""
    with tempfile.TemporaryDirectory(prefix="world-", dir=quick_folder()) as folder:
        World.home = Path(folder)
        World.engine = open_engine("sqlite://")
        World.database, World.blank = driver(World.engine), sqlite3.connect(":memory:")
        fill(Play(World.engine, World.home))
        World.database.backup(World.blank)
        yield World
        World.blank.close()
        World.engine.dispose()


def play_half(number: int) -> None:
    """Play one half of 500 histories of 50 steps, or of ten times as many at night; by day always the same ones."""
    effort = settings(long_examples(250, nightly=2500), stateful_step_count=60 if is_night() else 50)
    with begun() as world:
        run_state_machine_as_test(world if is_night() else seed(number)(world), settings=effort)


@pytest.mark.timeout(900)
def test_money_leaves_once_whatever_happens() -> None:
    play_half(1)
