"""Taking decisions: what they would change, and keeping them, dated by the ledger's one clock and settled at once.

`punchout decide` asks; how the answer is drawn is `decide_view`. What a decision means is `punchout.ledger`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchout.cli import acting
from punchout.cli.opening import settings, to_read, to_write
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.decisions.asked import Asked
    from punchout.ledger.decisions.standing import Effect, Judging
    from punchout.ledger.decisions.subjects import Subjects
    from punchout.model.decisions import AnalystDecision
    from punchout.model.moments import Micros
    from resources.settings import Settings

Asking = Callable[["Micros"], Sequence["Asked"]]
"""What is asked for, given the moment of the asking."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The decisions that were meant, those of them that are new, and what they change or would change."""

    meant: Sequence["AnalystDecision"]
    new: Sequence["AnalystDecision"]
    effects: Sequence["Effect"]


def foresee(asking: Asking, by: str, as_of: "Micros | None", *, ahead: bool = False) -> Taken:
    """Say what `take` would keep and change, and keep nothing.

    Raises:
        NotPossibleError: what they are about is not known, or something is missing.
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    configured = settings()
    return rehearsed(configured, _step(configured, asking, by, ahead=ahead), as_of)


def take(command: str, asking: Asking, by: str, as_of: "Micros | None", *, ahead: bool = False) -> Taken:
    """Keep decisions, all or none, and compute what follows from them before returning.

    Raises:
        NotPossibleError: what they are about is not known, or something is missing; nothing was kept.
        ClockRanBackwardsError: `as_of` lies before the last sync; nothing was kept.
    """
    from punchout.ledger.decisions.deciding import touch_concerned

    configured = settings()
    step = _step(configured, asking, by, ahead=ahead)
    taken: list[Taken] = []
    with to_write(configured) as engine:
        act = acting.begin(configured, engine, command, as_of, lambda *at: taken.append(step(*at)))
        with engine.begin() as connection:
            touch_concerned(connection, act.exchange.account, taken[0].new)
        act.finish(decisions=len(taken[0].new))
    return taken[0]


def _step(
    configured: "Settings", asking: Asking, by: str, *, ahead: bool
) -> "Callable[[sa.Connection, Micros], Taken]":
    """Return what keeps the decisions in a transaction, with what they change."""
    from punchout.ledger.decisions.deciding import decide
    from punchout.ledger.decisions.standing import effects

    def step(connection: "sa.Connection", moment: "Micros") -> Taken:
        judging = _judging(configured, moment)
        meant = _meant(connection, judging, asking(moment), ahead=ahead)
        changed = effects(connection, meant, judging)
        return Taken(meant, decide(connection, judging.account, meant, by, moment), changed)

    return step


@contextmanager
def subjects_to_read() -> "Iterator[tuple[sa.Connection, Subjects, Judging]]":
    """Open the ledger to look subjects up in it."""
    from punchout.ledger.decisions.subjects import Subjects
    from punchout.ledger.runs import last_as_of
    from resources.exchange import wall_clock

    configured = settings()
    with to_read(configured) as connection:
        judging = _judging(configured, last_as_of(connection) or wall_clock())
        yield connection, Subjects(connection, judging), judging


def _judging(configured: "Settings", moment: "Micros") -> "Judging":
    from punchout.ledger.decisions.standing import Judging
    from resources.policies import account, policies

    return Judging(account(configured), policies(configured), moment)


def _meant(
    connection: "sa.Connection", judging: "Judging", asked: Sequence["Asked"], *, ahead: bool
) -> list["AnalystDecision"]:
    """Find out what is meant; every word that leads nowhere is told, not only the first.

    Raises:
        NotPossibleError: some of them mean nothing.
    """
    from punchout.ledger.decisions.asked import understood
    from punchout.ledger.decisions.subjects import Subjects
    from punchout.ledger.errors import NotPossibleError

    subjects = Subjects(connection, judging)
    meant, problems = [], []
    for number, one in enumerate(asked, start=1):
        try:
            meant.append(understood(one, subjects, judging.as_of, ahead=ahead))
        except NotPossibleError as error:
            problems.append(str(error) if len(asked) == 1 else f"decision {number}: {error}")
    if problems:
        raise NotPossibleError("\n".join([*problems, "Nothing was decided."]))
    return meant
