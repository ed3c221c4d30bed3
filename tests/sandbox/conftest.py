"""Fixtures of the sandbox's tests: one playing of the whole script, and sandboxes to do as one likes with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.sandbox.buyer import FEEDS, Json, PerfectBuyer, RunningSandbox


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
    lost_replies: list[str] = field(default_factory=list)

    def request(self, number: str, round_number: int) -> Json:
        rows = self.expected[round_number - 1]["requests"]
        return next(dict(row) for row in rows if row["request_no"] == number)

    def documents(self) -> dict[str, bytes]:
        return {name: body for files in self.files for name, body in files["cxml-drop"].items()}


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    result = Played()
    with RunningSandbox(tmp_path_factory.mktemp("played")) as sandbox:
        buyer = PerfectBuyer(sandbox)
        while not result.outcomes or not result.outcomes[-1]["last"]:
            outcome, compared, found = buyer.play_round()
            result.outcomes.append(outcome)
            result.compared.append(compared)
            result.found.append([str(item) for item in found])
            result.expected.append(sandbox.get("expected"))
            result.files.append({feed: sandbox.files(feed) for feed in FEEDS if feed != "bc-updates"})
            _empty(sandbox.folder)
        result.tables = sandbox.get("business-central")
        result.orders = sandbox.get("orders")["orders"]
        result.lost_replies = buyer.lost_replies
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
