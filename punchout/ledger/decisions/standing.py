"""How requests stand by their facts as they are, and how they would stand with decisions that are not taken yet.

Computed, never read from projections: whoever decides sees what is, not what was at the last sync.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from punchout.ledger.decisions.deciding import concerned
from punchout.ledger.decisions.waiting import changes
from punchout.ledger.reconciling.drafting import draft_of
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.reconciling.reconcile import Policies, compute
from punchout.model.decisions import AnalystDecision
from punchout.model.history import RequestHistory
from punchout.model.keys import Account, RequestKey
from punchout.model.moments import Micros
from punchout.reconciliation.differences import Change, differences
from punchout.reconciliation.results import Reconciled


@dataclass(frozen=True, slots=True)
class Judging:
    """Whose books, by which policies, and as of which moment."""

    account: Account
    policies: Policies
    as_of: Micros


@dataclass(frozen=True, slots=True)
class Effect:
    """What decisions change in one request, or in documents of none; nothing where they say what holds anyhow."""

    key: RequestKey | None
    changes: tuple[Change, ...]


def standing(connection: sa.Connection, history: RequestHistory, judging: Judging) -> Reconciled | None:
    """Return the result of a history; None where nothing is known of the request."""
    draft = draft_of(connection, history, judging.policies.ordering, judging.as_of)
    return compute(history, judging.policies, judging.as_of, draft)


def standings(
    connection: sa.Connection, keys: Iterable[RequestKey], judging: Judging
) -> dict[RequestKey, Reconciled | None]:
    """Return the results of some requests."""
    known = histories(connection, sorted(keys))
    return {key: standing(connection, history, judging) for key, history in known.items()}


def effects(connection: sa.Connection, decisions: Sequence[AnalystDecision], judging: Judging) -> list[Effect]:
    """Return what decisions would change in requests, one after the other, and in documents that wait for one."""
    about: dict[RequestKey, list[AnalystDecision]] = {}
    for decision, keys in concerned(connection, judging.account, decisions).items():
        for key in keys:
            about.setdefault(key, []).append(decision)
    of_requests = [
        Effect(
            key, differences(standing(connection, known, judging), standing(connection, _with(known, more), judging))
        )
        for key, more in sorted(about.items())
        for known in histories(connection, [key]).values()
    ]
    waiting = tuple(changes(connection, judging.account, decisions))
    return [*of_requests, Effect(None, waiting)] if waiting else of_requests


def _with(history: RequestHistory, more: Iterable[AnalystDecision]) -> RequestHistory:
    return replace(history, decisions=(*history.decisions, *(one for one in more if one not in history.decisions)))
