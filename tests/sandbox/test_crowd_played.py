"""The crowd played from end to end by a perfect buyer, and the options that decide what is played."""

import subprocess
from pathlib import Path

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.casting import full
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Script
from tests.sandbox.buyer import FEEDS, ROOT, PerfectBuyer, RunningSandbox
from tests.sandbox.conftest import Played, play
from tests.sandbox.test_script import STAGES

FULL = ("--scenario-set", "full")


def test_a_perfect_buyer_makes_no_difference_in_any_round(crowd_played: Played, crowd: Script) -> None:
    assert crowd_played.found == [[] for _ in crowd.rounds]
    assert min(crowd_played.compared) > 5000


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_does_it_with_another_seed(tmp_path: Path, seed: int) -> None:
    script = full(Identifiers(seed))
    result = play(RunningSandbox(tmp_path, seed=seed, options=FULL), script)
    assert result.found == [[] for _ in script.rounds]


def test_every_stage_is_reached(crowd_played: Played) -> None:
    assert {row["stage"] for expected in crowd_played.expected for row in expected["requests"]} == STAGES


def test_accidents_are_counted_by_their_verdict(crowd_played: Played) -> None:
    assert crowd_played.expected[-1]["documents"] == {
        "quarantined": {
            "DOC_CONFLICT": 3,
            "ENV_MISMATCH": 3,
            "EXPORT_INVALID": 1,
            "PAYLOAD_REUSED": 3,
            "XML_REJECTED": 5,
        },
        "waiting": 1,
    }


def test_each_request_names_its_scenario(crowd_played: Played, crowd: Script) -> None:
    rows = crowd_played.expected[-1]["requests"]
    assert {row["request_no"]: row["scenario"] for row in rows} == {
        request.number: request.about for request in crowd.requests
    }


def test_nothing_that_was_placed_elsewhere_reaches_amazon(crowd_played: Played, crowd: Script) -> None:
    legacy = {request.order for request in crowd.requests if request.about == "before cut-over"}
    assert len(legacy) >= 3
    assert legacy.isdisjoint(order["orderID"] for order in crowd_played.orders)
    assert {order["receipts"] for order in crowd_played.orders} == {1}


def test_documents_about_an_order_placed_elsewhere_name_its_purchase_order(crowd_played: Played, crowd: Script) -> None:
    legacy = {request.order for request in crowd.requests if request.about == "before cut-over"}
    told = b"".join(crowd_played.documents().values())
    assert all(f'orderID="{order}"'.encode() in told for order in legacy)


def test_amazon_says_that_it_processed_an_order_before_and_delivers_all_the_same(
    crowd_played: Played, crowd: Script
) -> None:
    players = {request.number: request.order for request in crowd.requests if request.about == "already processed"}
    refused = {request.number for request in crowd.requests if request.about == "refused order"}
    assert set(crowd_played.errors) == set(players) | refused
    codes = {order["orderID"]: order["code"] for order in crowd_played.orders}
    assert {codes[order] for order in players.values()} == {500}
    assert {crowd_played.request(number, 10)["stage"] for number in players} == {"Invoiced"}


def test_only_the_replies_that_the_script_loses_are_lost(crowd_played: Played, crowd: Script) -> None:
    lost = [request.number for request in crowd.requests if request.about == "lost reply"]
    assert sorted(crowd_played.lost_replies) == sorted(lost)


def test_the_operator_sends_every_manual_release_that_is_ever_sent(crowd_played: Played, crowd: Script) -> None:
    sent = [action["send"] for outcome in crowd_played.outcomes for action in outcome["actions"]]
    assert sorted(sent) == sorted(request.number for request in crowd.requests if request.about == "manual release")


def test_a_called_off_purchase_order_has_nothing_left_on_its_lines(crowd_played: Played, crowd: Script) -> None:
    cancelled = {request.order for request in crowd.requests if request.cancelled}
    orders = [order for order in crowd_played.tables["orders"] if order["number"] in cancelled]
    assert len(orders) == len(cancelled) >= 3
    assert {line["quantity"] for order in orders for line in order["purchaseOrderLines"]} == {"0"}


def test_business_central_keeps_what_it_was_told_of_a_shipment_that_was_taken_back(
    crowd_played: Played, crowd: Script
) -> None:
    request = next(item for item in crowd.requests if item.about == "ship notice deleted" and len(item.documents) == 3)
    told = crowd_played.request(request.number, 10)["lines"][0]
    held = next(row for row in crowd_played.tables["requests"] if row["number"] == request.number)["lines"][0]
    assert (told["shipping_date"], told["shipped"]) == (None, "0")
    assert held["shippingDate"] is not None


def test_equal_seeds_give_equal_bytes(tmp_path: Path, crowd_played: Played, crowd: Script) -> None:
    with RunningSandbox(tmp_path, options=FULL) as sandbox:
        buyer = PerfectBuyer(sandbox, script=crowd)
        buyer.play(4)
        delivered = {feed: sandbox.files(feed) for feed in FEEDS[:3]}
    before = crowd_played.files[:4]
    assert delivered == {
        feed: {name: body for files in before for name, body in files[feed].items()} for feed in FEEDS[:3]
    }


def test_the_scenarios_can_be_asked_for(tmp_path: Path, crowd: Script) -> None:
    with RunningSandbox(tmp_path, options=FULL) as sandbox:
        assert sandbox.get("scenarios") == oracle.scenarios(crowd)
        assert sum(sandbox.get("scenarios").values()) == len(crowd.requests)


def test_the_ready_line_tells_the_cutover(tmp_path: Path) -> None:
    with RunningSandbox(tmp_path / "own", options=FULL) as sandbox:
        assert (sandbox.ready["scenario_set"], sandbox.ready["cutover_at"]) == ("full", "2026-03-03T16:00:00+00:00")
    with RunningSandbox(tmp_path / "given", options=("--cutover", "2026-03-04T00:00:00Z")) as sandbox:
        assert (sandbox.ready["scenario_set"], sandbox.ready["cutover_at"]) == ("handful", "2026-03-04T00:00:00+00:00")


def test_a_later_cutover_adopts_what_was_released_before_it(tmp_path: Path) -> None:
    """Everything of the handful that is released in round 2 is Business Central's own order then."""
    with RunningSandbox(tmp_path, options=("--cutover", "2026-03-04T00:00:00Z")) as sandbox:
        for _ in range(3):
            sandbox.advance()
        rows = {row["request_no"]: row for row in sandbox.get("expected")["requests"]}
    assert [rows[number]["adopted"] for number in ("PR1001", "PR1007")] == [True, False]
    assert (rows["PR1001"]["outbox_state"], rows["PR1001"]["lines"][0]["ordered"]) == (None, "3")


@pytest.mark.parametrize("changed", [("--scenario-set", "handful"), (*FULL, "--cutover", "2026-03-05T00:00:00Z")])
def test_a_home_belongs_to_one_script(tmp_path: Path, changed: tuple[str, ...]) -> None:
    with RunningSandbox(tmp_path, options=FULL) as sandbox:
        sandbox.advance()
    other = RunningSandbox(tmp_path, options=changed).arguments()
    second = subprocess.run(other, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, "full script" in second.stderr) == (2, True)


def test_a_cutover_without_an_offset_is_refused(tmp_path: Path) -> None:
    command = RunningSandbox(tmp_path, options=("--cutover", "2026-03-05T00:00:00")).arguments()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (run.returncode, "no offset" in run.stderr) == (2, True)
