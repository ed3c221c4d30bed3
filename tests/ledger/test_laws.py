"""The laws of the ledger: arrival, repetition and division into batches mean nothing, and nothing is kept but facts.

Every example is a history of ten and more documents about two purchases, with our own order among them where the orders
are sent from here. Others have sent orders too, of which copies come.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from punchout.ledger import runs
from punchout.ledger.decisions.deciding import decide
from punchout.ledger.documents.rereading import reprocess
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.model.decisions import AnalystDecision
from resources import policies as from_settings
from resources.replaying import replay_ledger
from tests.support.deliveries import Delivery
from tests.support.effort import long_examples
from tests.support.histories import decisions, documents, own_order
from tests.support.ledgers import Ledgers, each
from tests.support.plays import LOST, TAKEN, Play
from tests.support.purchases import (
    ACCOUNT,
    instant,
)

Step: TypeAlias = Delivery | AnalystDecision | int
"""A file, a person's decision, or which of our own order's units of work."""
AS_OF = instant("10T17:00")

answers = st.sampled_from((TAKEN, LOST))
senders = st.sampled_from(("pipeline", "bc"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@contextmanager
def a_play(ledgers: Ledgers, home: Path, sender: str = "pipeline") -> Iterator[Play]:
    with ledgers.migrated() as engine:
        play = Play(engine, home, orders={"sent_by": sender})
        play.now = AS_OF
        play.switch_on()
        with engine.begin() as connection:
            runs.open_run(connection, "the only sync", play.now, play.now)
        yield play


def tell(play: Play, batches: Sequence[Sequence[Step]], own: Sequence[Callable[[sa.Connection], object]]) -> str:
    """Let every batch arrive in turn, each followed by all the work it gives; returns the ledger's hash."""
    for batch in batches:
        for step in batch:
            do(play, step, own)
        play.take_in(*(step for step in batch if isinstance(step, Delivery)))
        play.exchange().recheck_waiting()
        play.exchange().settle()
    return play.hash()


def do(play: Play, step: Step, own: Sequence[Callable[[sa.Connection], object]]) -> None:
    """Do what is no file: a step of our own order, or a person's decision."""
    if isinstance(step, int):
        each(play.engine, own[step])
    elif isinstance(step, AnalystDecision):
        each(play.engine, partial(decide, account=ACCOUNT, decisions=[step], by=step.by, at=play.now))


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Give the steps with those of our own order in their own order, at the places they were drawn to."""
    own = iter(sorted(step for step in steps if isinstance(step, int)))
    return [next(own) if isinstance(step, int) else step for step in steps]


@st.composite
def histories(draw: Callable[[Any], Any], sender: str = "pipeline", least: int = 0) -> list[Step]:
    """Make a history, with what people decided in it, and with as much of our own order as was done.

    It is written down, leaves and is answered: `least` of these. Where it is not ours to send there is nothing of it.
    """
    told = draw(documents())
    own = range(draw(st.integers(least, 3)) if sender == "pipeline" else 0)
    return [*told, *draw(decisions(told)), *own]


@st.composite
def arrivals(draw: Callable[[Any], Any], told: Sequence[Step]) -> list[list[Step]]:
    """Shuffle a history, deliver parts of it twice under other names, and cut it into batches."""
    files = [step for step in told if isinstance(step, Delivery)]
    again = [one.again(f"again-{place}.xml") for place, one in enumerate(draw(st.lists(st.sampled_from(files))))]
    shuffled = in_order(draw(st.permutations([*told, *again])))
    cuts = sorted(draw(st.sets(st.integers(1, len(shuffled) - 1), max_size=4)))
    return [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]


def arrival_repetition_and_division_mean_nothing(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    _mean_nothing(ledgers, home, data, "pipeline")


def neither_do_they_where_business_central_sends(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    _mean_nothing(ledgers, home, data, "bc")


def _mean_nothing(ledgers: Ledgers, home: Path, data: st.DataObject, sender: str) -> None:
    history, answer = data.draw(histories(sender, least=2)), data.draw(answers)
    batches = data.draw(arrivals(history))
    with a_play(ledgers, home, sender) as first, a_play(ledgers, home, sender) as second:
        expected = tell(first, [history], own_order(first, answer))
        assert tell(second, batches, own_order(second, answer)) == expected


def the_whole_thing_twice_is_once(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    with a_play(ledgers, home, sender) as play:
        once = tell(play, [history], own_order(play, TAKEN))
        repetitions = play.status()["documents"]["duplicate"]
        play.later(1)
        files = [one.again(f"again-{one.name}") for one in history if isinstance(one, Delivery)]
        assert tell(play, [data.draw(st.permutations(files))], []) == once
        assert play.status()["documents"]["duplicate"] == repetitions


def a_rebuilt_ledger_is_the_one_that_grew(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    batches = data.draw(arrivals(history))
    with a_play(ledgers, home, sender) as play:
        grown = tell(play, batches, own_order(play, data.draw(answers)))
        each(play.engine, rebuild)
        play.exchange().settle()
        assert play.hash() == grown


def a_replayed_ledger_is_the_one_that_grew(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    with a_play(ledgers, home, sender) as play, ledgers.blank() as empty:
        grown = tell(play, data.draw(arrivals(history)), own_order(play, data.draw(answers)))
        found = replay_ledger(play.settings, play.engine, empty)
        assert (found.differences, found.hashes) == ([], (grown, grown))


def reading_again_means_nothing(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    with a_play(ledgers, home, sender) as play:
        grown = tell(play, data.draw(arrivals(history)), own_order(play, data.draw(answers)))
        rules = from_settings.acceptance_rules(play.settings)
        with play.engine.connect() as connection:
            numbers = connection.execute(sa.select(DOCUMENT.c.id).where(DOCUMENT.c.content == "cxml")).scalars().all()
        for number in data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=4, unique=True)):
            each(play.engine, partial(reprocess, document_id=number, rules=rules, by="ann", at=play.now))
        play.exchange().settle()
        assert play.hash() == grown
        assert play.broken_promises() == {}


def every_promise_is_kept(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    with a_play(ledgers, home, sender) as play:
        tell(play, data.draw(arrivals(history)), own_order(play, data.draw(answers)))
        assert play.broken_promises() == {}


LAWS = (
    (arrival_repetition_and_division_mean_nothing, 100, 10),
    (neither_do_they_where_business_central_sends, 25, 5),
    (the_whole_thing_twice_is_once, 10, 3),
    (a_rebuilt_ledger_is_the_one_that_grew, 10, 3),
    (a_replayed_ledger_is_the_one_that_grew, 10, 3),
    (reading_again_means_nothing, 10, 3),
    (every_promise_is_kept, 10, 3),
)
"""With how many examples each is tried, on SQLite and on PostgreSQL."""


@pytest.mark.parametrize(("law", "on_sqlite", "on_postgres"), LAWS, ids=[law.__name__ for law, _, _ in LAWS])
def test_that(
    ledgers: Ledgers,
    home: Path,
    law: Callable[[Ledgers, Path, st.DataObject], None],
    on_sqlite: int,
    on_postgres: int,
) -> None:
    is_sqlite = ledgers.kind == "sqlite"
    effort = long_examples(on_sqlite if is_sqlite else on_postgres, nightly=1000 if is_sqlite else 200)

    @effort
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        law(ledgers, home, data)

    holds()


def test_a_history_holds_ten_documents_and_more() -> None:
    @long_examples(25, nightly=1000)
    @given(history=histories())
    def holds(history: list[Step]) -> None:
        assert sum(isinstance(step, Delivery) for step in history) >= 10

    holds()
