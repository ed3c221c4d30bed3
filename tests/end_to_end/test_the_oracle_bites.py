"""The oracle bites: a product with one mechanism broken differs on the lines that need it, and on no other.

With nothing broken, nothing differs, and the stored bytes of all that was played make the same ledger again. How a
mechanism is broken is in `broken_mechanisms`; which lines that touches is told by the script alone, in `named_lines`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from punchout.ledger.engine import open_engine, reading
from punchout.ledger.runs import last_as_of
from punchout.sandbox.casting import full
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script
from punchout.sandbox.recasting import sent_by_business_central
from punchout.sandbox.standing import Standing
from resources.exchange import open_ledger
from resources.replaying import replay_ledger
from tests.end_to_end import broken_mechanisms as broken
from tests.end_to_end import named_lines
from tests.support.sandbox_plays import SEED, Played, play

pytestmark = [pytest.mark.sandbox]

REJECTING = {
    "billed though rejected",
    "cancelled purchase order",
    "confirmation updated",
    "duplicate",
    "overshipped",
    "partial quantity",
    "portion without items",
    "re-serialised duplicate",
    "rejected line",
    "wholly rejected order",
}
QUARANTINED = "documents quarantined"
ORDERS = "orders"

Line = tuple[str, int]
"""A request, and the place of one of its lines in the cart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mechanism that is broken.

    Attributes:
        scenarios: those that need it.
        lines: the lines of a request that must differ in some round; no other may.
        header: where it touches what only the request shows: whether this one must differ.
        sent_by: who sends the orders.
        elsewhere: what differs beside requests: how many documents are quarantined, which orders were sent.
    """

    name: str
    breaks: Callable[[pytest.MonkeyPatch], None]
    scenarios: set[str]
    lines: named_lines.Naming = named_lines.none
    header: Callable[[Script, Request], bool] = lambda _script, _request: False
    sent_by: str = "pipeline"
    elsewhere: set[str] = field(default_factory=set)

    def named_lines(self) -> set[Line]:
        """Give the lines that must differ."""
        script = cast(self.sent_by)
        return {(request.number, line) for request in script.requests for line in self.lines(script, request)}

    def named_requests(self) -> set[str]:
        """Give the requests that must differ: those with such a line, and those that it touches as a whole."""
        script = cast(self.sent_by)
        touched = {request.number for request in script.requests if self.header(script, request)}
        return touched | {number for number, _line in self.named_lines()}


MISTAKES = (
    Mistake(
        name="dedupe",
        breaks=broken.counting_every_delivery,
        scenarios={"duplicate", "re-serialised duplicate"},
        lines=named_lines.of_accidents("twice", "rewritten"),
    ),
    Mistake(
        name="payloadID",
        breaks=broken.forgetting_payload_ids,
        scenarios={"plain"},
        lines=named_lines.of_accidents("forged"),
        elsewhere={QUARANTINED},
    ),
    Mistake(
        name="offset repair",
        breaks=broken.reading_offsets_as_stated,
        scenarios={"bogus offsets"},
        lines=named_lines.dated_oddly,
        # An offset beyond 14 hours cannot be read as stated.
        elsewhere={QUARANTINED},
    ),
    Mistake(name="rejections", breaks=broken.forgetting_rejections, scenarios=REJECTING, lines=named_lines.rejected),
    Mistake(
        name="split",
        breaks=broken.reading_the_header_alone,
        scenarios={"two Amazon orders"},
        lines=named_lines.split_at_once,
        # Where each of the orders holds whole lines, only the request shows which orders there are.
        header=named_lines.confirmed_for_several_orders_at_once,
    ),
    Mistake(
        name="credit sign",
        breaks=broken.adding_credits,
        scenarios={"credit memo", "credit line in an invoice"},
        lines=named_lines.credited,
    ),
    Mistake(
        name="cut-over",
        breaks=broken.forgetting_the_cutover,
        scenarios={"before cut-over"},
        lines=named_lines.ordered_before_the_cutover,
        elsewhere={ORDERS},
    ),
    Mistake(
        name="version order",
        breaks=broken.letting_the_last_to_arrive_stand,
        scenarios={"update before what it replaces"},
        lines=named_lines.overtaken,
    ),
    Mistake(
        name="shipment twice",
        breaks=broken.counting_every_ship_notice,
        scenarios={"ship notice updated", "ship notice deleted", "update before what it replaces"},
        lines=named_lines.shipped_before_a_new_version,
    ),
    Mistake(
        name="shipmentID",
        breaks=broken.forgetting_business_numbers,
        scenarios={"conflict"},
        lines=named_lines.of_accidents("conflict"),
        elsewhere={QUARANTINED},
    ),
    Mistake(
        name="status updates",
        breaks=broken.deaf_to_status_updates,
        scenarios={"refused later", "in doubt until confirmed"},
        # Whether the order was taken is said of it as a whole, and changes no quantity.
        header=named_lines.told_of_a_refusal,
        sent_by="bc",
    ),
)


def cast(sent_by: str) -> Script:
    crowd = full(Identifiers(SEED))
    return crowd if sent_by == "pipeline" else sent_by_business_central(crowd)


def lines_to_order(script: Script) -> dict[tuple[str, str], Line]:
    """Give every line of the script by what an OrderRequest calls it: the orderID, and the part's auxiliary id."""
    shop = Catalogue(Identifiers(SEED), script)
    return {
        (request.order, shop.auxiliary(request, line)): (request.number, line)
        for request in script.requests
        for line in range(1, len(request.lines) + 1)
    }


def lines_wrongly_ordered(played: Played, script: Script) -> set[Line]:
    """Give the lines that left for Amazon and should not have, and those that should have left and did not."""
    sent = {one.number for one in script.requests if Standing(script, one, len(script.rounds)).sent}
    known = lines_to_order(script)
    return {known[key] for key in played.ordered} ^ {line for line in known.values() if line[0] in sent}


def lines_wrongly_split(played: Played, script: Script) -> set[Line]:
    """Give the lines of which it is wrong whether several Amazon orders hold a part; no report shows it by line."""
    return played.split ^ {
        (one.number, line) for one in script.requests for line in named_lines.over_several_orders(script, one)
    }


def lines_that_differ(played: Played, script: Script) -> set[Line]:
    return played.lines() | lines_wrongly_ordered(played, script) | lines_wrongly_split(played, script)


@pytest.mark.parametrize("mistake", [pytest.param(one, id=one.name) for one in MISTAKES])
def test_the_script_names_what_a_mistake_must_touch_in_each_of_its_scenarios(mistake: Mistake) -> None:
    about = {request.number: request.about for request in cast(mistake.sent_by).requests}
    assert {about[request] for request in mistake.named_requests()} == mistake.scenarios


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Played]:
    """Plays with nothing broken, once for each sender of the orders."""
    return cache(lambda sent_by: play(tmp_path_factory.mktemp(sent_by) / "home", sent_by=sent_by))


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("sent_by", ["pipeline", "bc"])
def test_the_whole_product_agrees_with_the_oracle(undisturbed: Callable[[str], Played], sent_by: str) -> None:
    played = undisturbed(sent_by)
    assert played.differences == []
    assert lines_that_differ(played, cast(sent_by)) == set()
    assert played.scenarios == {request.number: request.about for request in cast(sent_by).requests}
    assert played.compared > 100_000
    assert played.expected_keys == played.shown_keys
    assert sum(line is None for _, line in played.shown_keys) >= 200
    assert sum(line is not None for _, line in played.shown_keys) >= 400


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_replay_after_the_whole_script_differs_in_nothing(
    undisturbed: Callable[[str], Played], tmp_path: Path
) -> None:
    played = undisturbed("pipeline")
    assert played.settings is not None
    source, target = open_ledger(played.settings), open_engine(f"sqlite:///{tmp_path / 'again.sqlite3'}")
    try:
        found = replay_ledger(played.settings, source, target)
        with reading(source) as connection:
            assert last_as_of(connection) == found.as_of
    finally:
        source.dispose()
        target.dispose()
    assert found.differences == []
    assert (found.is_equal, found.hashes) == (True, (played.hash, played.hash))
    assert found.documents > 100


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("mistake", [pytest.param(one, id=one.name) for one in MISTAKES])
def test_a_mistake_shows_on_the_lines_that_its_scenarios_name_and_on_no_other(
    mistake: Mistake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake.breaks(monkeypatch)
    played = play(tmp_path / "home", sent_by=mistake.sent_by)
    assert {played.scenarios[request] for request in played.requests()} == mistake.scenarios
    assert played.requests() == mistake.named_requests()
    assert played.elsewhere() == mistake.elsewhere
    assert lines_that_differ(played, cast(mistake.sent_by)) == mistake.named_lines()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_lines_taken_in_the_order_of_the_purchase_order_show_where_an_order_numbers_them_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.numbering_by_the_purchase_order(monkeypatch)
    different = play(tmp_path / "home", sent_by="bc").requests()
    turned = {one.number for one in cast("bc").requests if one.numbering != "order" or one.cancelled is not None}
    assert different <= turned
    assert len(different) > len(turned) / 2
