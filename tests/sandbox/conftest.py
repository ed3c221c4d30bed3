"""Fixtures of the sandbox's tests: one playing of each script, and sandboxes to do as one likes with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.casting import full
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Script
from punchout.sandbox.recasting import sent_by_business_central
from punchout.sandbox.scenarios import HANDFUL
from tests.sandbox.buyer import FEEDS, Json, PerfectBuyer, RunningSandbox

SENT_BY_BC = ("--orders-sent-by", "bc")


@dataclass
class Played:
    """What each round of one playing looked like; the first is at place 0."""

    outcomes: list[Json] = field(default_factory=list)
    compared: list[int] = field(default_factory=list)
    found: list[list[str]] = field(default_factory=list)
    expected: list[Json] = field(default_factory=list)
    files: list[dict[str, dict[str, bytes]]] = field(default_factory=list)
    tables: Json = field(default_factory=dict)
    orders: list[Json] = field(default_factory=list)
    placed: list[Json] = field(default_factory=list)
    lost_replies: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def request(self, number: str, round_number: int) -> Json:
        rows = self.expected[round_number - 1]["requests"]
        return next(dict(row) for row in rows if row["request_no"] == number)

    def documents(self) -> dict[str, bytes]:
        return {name: body for files in self.files for name, body in files["cxml-drop"].items()}


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The handful of seed 7, from end to end."""
    return play(RunningSandbox(tmp_path_factory.mktemp("played")), HANDFUL)


@pytest.fixture(scope="session")
def crowd() -> Script:
    """The crowd of seed 7."""
    return full(Identifiers(7))


@pytest.fixture(scope="session")
def rows(crowd: Script) -> list[dict[str, Json]]:
    """The oracle's requests by number, for each round; the first is at place 0."""
    return [
        {row["request_no"]: row for row in oracle.expected(Identifiers(7), at, crowd)["requests"]}
        for at in range(1, len(crowd.rounds) + 1)
    ]


@pytest.fixture(scope="session")
def crowd_played(tmp_path_factory: pytest.TempPathFactory, crowd: Script) -> Played:
    """The crowd of seed 7, from end to end."""
    return play(RunningSandbox(tmp_path_factory.mktemp("crowd"), options=("--scenario-set", "full")), crowd)


@pytest.fixture(scope="session")
def bc_handful() -> Script:
    """The handful with Business Central as the sender of its orders."""
    return sent_by_business_central(HANDFUL)


@pytest.fixture(scope="session")
def bc_crowd(crowd: Script) -> Script:
    """The crowd of seed 7 with Business Central as the sender of its orders."""
    return sent_by_business_central(crowd)


@pytest.fixture(scope="session")
def bc_played(tmp_path_factory: pytest.TempPathFactory, bc_handful: Script) -> Played:
    """The handful of seed 7, its orders sent by Business Central, from end to end."""
    return play(RunningSandbox(tmp_path_factory.mktemp("bc"), options=SENT_BY_BC), bc_handful)


@pytest.fixture(scope="session")
def bc_crowd_played(tmp_path_factory: pytest.TempPathFactory, bc_crowd: Script) -> Played:
    """The crowd of seed 7, its orders sent by Business Central, from end to end."""
    options = (*SENT_BY_BC, "--scenario-set", "full")
    return play(RunningSandbox(tmp_path_factory.mktemp("bc-crowd"), options=options), bc_crowd)


def play(running: RunningSandbox, script: Script) -> Played:
    """Let a perfect buyer play a script to its end."""
    result = Played()
    with running as sandbox:
        buyer = PerfectBuyer(sandbox, script=script)
        while not result.outcomes or not result.outcomes[-1]["last"]:
            outcome, compared, found = buyer.play_round()
            result.outcomes.append(outcome)
            result.compared.append(compared)
            result.found.append([str(item) for item in found])
            result.expected.append(sandbox.get("expected"))
            result.files.append({feed: sandbox.files(feed) for feed in FEEDS if feed != "bc-updates"})
            _empty(sandbox.folder)
        result.tables = sandbox.get("business-central")
        received = sandbox.get("orders")
        result.orders, result.placed = received["orders"], received["placed"]
        result.lost_replies, result.errors = buyer.lost_replies, buyer.refused
    return result


def _empty(folder: Path) -> None:
    """Take the round's files, as the product does after its transaction."""
    for feed in FEEDS:
        if feed != "bc-updates":
            for path in (folder / feed).iterdir():
                path.unlink()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "sandbox") as running:
        yield running
