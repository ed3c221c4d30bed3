"""The laws of purging: it changes nothing that the ledger comes to, nor what anything means that comes after it.

Here every request may go whose order is not on its way, however open it is, so that far more is tried than is ever
purged.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from punchout.ledger.retention import finished
from punchout.ledger.retention.finished import KeptRequest
from punchout.ledger.retention.purge import PurgeOutcome, PurgeTerms, purge
from punchout.model.keys import RequestKey
from punchout.model.moments import DAY
from punchout.reconciliation.policy import ReconciliationPolicy
from resources import policies as from_settings
from resources.replaying import replay_ledger
from resources.retention import named_parts
from tests.ledger.test_laws import a_play, answers, arrivals, histories, tell
from tests.support.effort import long_examples
from tests.support.histories import own_order
from tests.support.ledgers import Ledgers
from tests.support.plays import Play
from tests.support.retention import ANN

senders = st.sampled_from(("pipeline", "bc"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def _everything_is_over() -> Iterator[None]:
    """Let every request be over whose order is not on its way."""
    by_state = finished._kept_by_state

    def kept(
        connection: sa.Connection, rows: Sequence[sa.Row[tuple[object, ...]]], policy: ReconciliationPolicy
    ) -> dict[RequestKey, KeptRequest]:
        found = by_state(connection, rows, policy)
        return {key: reason for key, reason in found.items() if reason is KeptRequest.DOUBT}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finished, "_kept_by_state", kept)
        yield


def purge_all(play: Play) -> PurgeOutcome:
    policies = from_settings.policies(play.settings)
    return purge(play.engine, PurgeTerms(policies, named_parts, play.now + 10 * DAY, play.now), ANN)


def a_purge_changes_nothing_that_the_ledger_comes_to(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender = data.draw(senders)
    history = data.draw(histories(sender))
    with a_play(ledgers, home, sender) as play, ledgers.blank() as empty:
        grown = tell(play, data.draw(arrivals(history)), own_order(play, data.draw(answers)))
        assert purge_all(play).taken.total
        assert (play.hash(), play.broken_promises()) == (grown, {})
        found = replay_ledger(play.settings, play.engine, empty)
        assert (found.differences, found.hashes, found.carried > 0) == ([], (grown, grown), True)


def what_comes_after_a_purge_means_what_it_meant_without(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    sender, answer = data.draw(senders), data.draw(answers)
    history = data.draw(histories(sender))
    batches = data.draw(arrivals(history))
    place = data.draw(st.integers(1, len(batches)))
    with a_play(ledgers, home, sender) as first, a_play(ledgers, home, sender) as second:
        expected = tell(first, batches, own_order(first, answer))
        own = own_order(second, answer)
        tell(second, batches[:place], own)
        purge_all(second)
        assert tell(second, batches[place:], own) == expected
        assert second.broken_promises() == {}


LAWS = (
    (a_purge_changes_nothing_that_the_ledger_comes_to, 15, 3),
    (what_comes_after_a_purge_means_what_it_meant_without, 15, 3),
)
"""With how many examples each is tried, on SQLite and on PostgreSQL."""


@pytest.mark.usefixtures("_everything_is_over")
@pytest.mark.parametrize(("law", "on_sqlite", "on_postgres"), LAWS, ids=[law.__name__ for law, _, _ in LAWS])
def test_that(
    ledgers: Ledgers,
    home: Path,
    law: Callable[[Ledgers, Path, st.DataObject], None],
    on_sqlite: int,
    on_postgres: int,
) -> None:
    effort = long_examples(on_sqlite if ledgers.kind == "sqlite" else on_postgres, nightly=200)

    @effort
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        law(ledgers, home, data)

    holds()
