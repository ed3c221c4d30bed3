"""The laws of sessions: whether they were opened before or after anything else came means nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.ledger import runs
from punchout.ledger.shopping.sessions import open_session
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.model.moments import DAY
from punchout.model.sessions import SessionOpened
from resources.replaying import replay_ledger
from tests.support.deliveries import Delivery
from tests.support.effort import long_examples
from tests.support.ledgers import Ledgers, each
from tests.support.plays import FIRST_SYNC, Play
from tests.support.purchases import requests_export
from tests.support.stories import FIRST, SECOND, of_session

Step: TypeAlias = Delivery | SessionOpened

NEW = requests_export({**FIRST.new_row(), "buyerCookie": None}, SECOND.new_row(), at="02T09:00", name="new.json")
NAMED = requests_export(
    FIRST.row(modified="02T10:00", status="open", purchaseOrderNumber=None, lines=[]), name="a.json"
)
BLANK = requests_export(
    {**FIRST.new_row(), "buyerCookie": None, "lastModifiedDateTime": "2026-03-02T11:00:00Z"}, name="blank.json"
)
LATE = requests_export(FIRST.row(modified="02T12:00"), name="late.json")


def opened(cookie: str) -> SessionOpened:
    return SessionOpened(buyer_cookie=cookie, payload_id=f"{cookie}@us", at=FIRST_SYNC, expires=FIRST_SYNC + DAY)


# One cart with lines of all sessions that are opened here: of two the first would count.
PIECES = (
    (opened("filled"), of_session(FIRST, "filled")),
    (opened("left"), of_session(FIRST, "left", empty=True)),
    (opened("lost"),),
    (FIRST.cart(),),
    (SECOND.cart(),),
    (of_session(SECOND, "nobody"),),
    (NAMED,),
    (BLANK,),
    (LATE,),
)


@st.composite
def histories(draw: Callable[[Any], Any]) -> list[Step]:
    chosen = draw(st.lists(st.sampled_from(PIECES), min_size=2, unique_by=id))
    return [NEW, *(step for piece in chosen for step in piece)]


@st.composite
def arrivals(draw: Callable[[Any], Any], told: Sequence[Step]) -> list[list[Step]]:
    files = [step for step in told if isinstance(step, Delivery)]
    again = [
        one.again(f"again-{place}") for place, one in enumerate(draw(st.lists(st.sampled_from(files), max_size=3)))
    ]
    shuffled = draw(st.permutations([*told, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(shuffled) - 1), max_size=4)))
    return [list(shuffled[start:end]) for start, end in zip([0, *cuts], [*cuts, None], strict=True)]


def tell(play: Play, batches: Sequence[Sequence[Step]]) -> str:
    with play.engine.begin() as connection:
        runs.open_run(connection, "the only sync", play.now, play.now)
    for batch in batches:
        for step in batch:
            if isinstance(step, SessionOpened):
                each(play.engine, partial(open_session, key=FIRST.key, opened=step))
        play.take_in(*(step for step in batch if isinstance(step, Delivery)))
        play.exchange().recheck_waiting()
        play.exchange().settle()
    return play.hash()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_arrival_repetition_and_division_mean_nothing(ledgers: Ledgers, home: Path) -> None:
    @long_examples(30 if ledgers.kind == "sqlite" else 6, nightly=500)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        history = data.draw(histories())
        with ledgers.migrated() as one, ledgers.migrated() as other:
            expected = tell(Play(one, home), [history])
            assert tell(Play(other, home), data.draw(arrivals(history))) == expected

    holds()


def test_a_replayed_and_a_rebuilt_ledger_are_the_one_that_grew(ledgers: Ledgers, home: Path) -> None:
    @long_examples(8 if ledgers.kind == "sqlite" else 3, nightly=200)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        with ledgers.migrated() as engine, ledgers.blank() as empty:
            play = Play(engine, home)
            grown = tell(play, data.draw(arrivals(data.draw(histories()))))
            found = replay_ledger(play.settings, engine, empty)
            assert (found.differences, found.hashes) == ([], (grown, grown))
            each(engine, rebuild)
            play.exchange().settle()
            assert play.hash() == grown
            assert play.broken_promises() == {}

    holds()
