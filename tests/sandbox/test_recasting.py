"""The profile in which Business Central sends the orders: how scripts are recast for it, and what the oracle says."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.casting import full
from punchout.sandbox.findings import FULL_CODES
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script, delivered
from punchout.sandbox.recasting import sent_by_business_central
from punchout.sandbox.scenarios import HANDFUL
from tests.sandbox.buyer import Json

SEEDS = (1, 2, 7, 2026)
scripts = pytest.mark.parametrize(
    ("seed", "script"),
    [
        (7, sent_by_business_central(HANDFUL)),
        *((seed, sent_by_business_central(full(Identifiers(seed)))) for seed in SEEDS),
    ],
    ids=["handful", *(f"crowd {seed}" for seed in SEEDS)],
)
OF_OUR_SENDING = {"CART_EXPIRED", "ORDER_ADOPTED", "OUT_VALIDATION"}


def ordered(script: Script) -> list[Request]:
    return [request for request in script.requests if request.ordered is not None]


def history(script: Script, seed: int, number: str) -> list[Json]:
    """Return what is expected of a request in every round from that of its purchase order on."""
    request = next(item for item in script.requests if item.number == number)
    rounds = range(request.ordered or 1, len(script.rounds) + 1)
    expected = (oracle.requests_after(Identifiers(seed), at, script=script) for at in rounds)
    return [next(row for row in rows if row["request_no"] == number) for rows in expected]


@scripts
def test_nothing_is_left_that_only_a_sender_of_ours_could_meet(seed: int, script: Script) -> None:
    assert {request.answer for request in script.requests} == {"accept"}
    assert not any(request.manual or request.send for request in script.requests)
    assert not set(oracle.scenarios(script)) & {"lost reply", "refused order", "manual release"}, seed


@scripts
def test_nothing_is_ever_queued_adopted_or_posted_by_us(seed: int, script: Script) -> None:
    for at in range(1, len(script.rounds) + 1):
        expected = oracle.expected(Identifiers(seed), at, script)
        rows = expected["requests"]
        assert expected["orders"] == []
        assert {(row["outbox_state"], row["adopted"]) for row in rows} == {(None, False)}
        assert OF_OUR_SENDING.isdisjoint(code for row in rows for code in row["exceptions"])
        assert set(expected["codes_judged"]) >= {"OUT_VALIDATION", "SEND_AMBIGUOUS", "SEND_PERMANENT"}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_scenario_of_the_crowd_is_still_played_at_least_three_times(seed: int) -> None:
    before = full(Identifiers(seed))
    counts = oracle.scenarios(sent_by_business_central(before))
    assert min(counts.values()) >= 3
    assert set(oracle.scenarios(before)) - set(counts) == {
        "already processed",
        "cart just in time",
        "cart that expires",
        "lost reply",
        "manual release",
        "manual release, never sent",
        "refused order",
    }
    assert set(counts) - set(oracle.scenarios(before)) == {"refused later", "in doubt until confirmed"}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_other_code_has_its_occasion(seed: int) -> None:
    script = sent_by_business_central(full(Identifiers(seed)))
    rounds = range(1, len(script.rounds) + 1)
    rows = [row for at in rounds for row in oracle.requests_after(Identifiers(seed), at, script=script)]
    assert {code for row in rows for code in row["exceptions"]} == set(FULL_CODES) - OF_OUR_SENDING


def test_the_seed_decides_whose_copy_is_late_or_missing_and_never_how_many() -> None:
    cast = [ordered(sent_by_business_central(full(Identifiers(seed)))) for seed in SEEDS]
    counts = [Counter(request.copied for request in requests) for requests in cast]
    assert all(count == counts[0] for count in counts)
    assert min(counts[0][1], counts[0][None]) >= 3
    assert counts[0][0] > len(cast[0]) / 2
    late = [{request.about for request in requests if request.copied == 1} for requests in cast]
    assert late[0] != late[1]


@scripts
def test_an_order_without_a_copy_is_numbered_as_its_purchase_order(seed: int, script: Script) -> None:
    never = [request for request in ordered(script) if request.copied is None]
    assert len(never) >= 2, seed
    assert {request.numbering for request in never} == {"order"}


@pytest.mark.parametrize("seed", SEEDS)
def test_several_orders_of_more_than_one_line_are_numbered_in_each_way(seed: int) -> None:
    script = sent_by_business_central(full(Identifiers(seed)))
    ways = Counter(
        request.numbering for request in ordered(script) if len(request.lines) > 1 and request.copied is not None
    )
    assert min(ways[name] for name in ("order", "backwards", "sequence")) >= 3
    late = {request.numbering for request in ordered(script) if len(request.lines) > 1 and request.copied == 1}
    assert late & {"backwards", "sequence"}


@scripts
def test_no_document_of_amazons_comes_before_the_copy_that_explains_its_line_numbers(seed: int, script: Script) -> None:
    for request in ordered(script):
        copied = script.copied_in(request)
        if copied is not None:
            assert all(delivered(document) >= copied for document in request.documents), (seed, request.number)


@scripts
def test_a_purchase_order_that_is_emptied_later_has_its_copy_at_once(seed: int, script: Script) -> None:
    cancelled = [request for request in script.requests if request.cancelled is not None]
    assert len(cancelled) == (0 if script.name == "handful" else 4), seed
    assert all(request.copied == 0 for request in cancelled)


def test_a_copy_proves_that_the_order_was_sent(bc_handful: Script) -> None:
    # PR1001: copied at once. PR1003: a round late, together with its confirmation.
    assert [row["stage"] for row in history(bc_handful, 7, "PR1001")][:2] == ["PO Sent", "Order Confirmed"]
    assert [row["stage"] for row in history(bc_handful, 7, "PR1003")][:2] == ["PO Created", "Order Confirmed"]


def test_an_order_has_failed_once_amazon_says_that_it_refuses_it(bc_handful: Script) -> None:
    # PR1007: copied and accepted in round 3, refused in round 4.
    rows = history(bc_handful, 7, "PR1007")
    assert [row["stage"] for row in rows] == ["PO Sent", *["Send Failed"] * (len(rows) - 1)]
    assert [row["exceptions"] for row in rows] == [[], *[["SEND_PERMANENT"]] * (len(rows) - 1)]


def test_an_order_that_amazon_could_not_take_in_is_in_doubt_until_it_is_confirmed(bc_crowd: Script) -> None:
    doubted = [request for request in bc_crowd.requests if request.about == "in doubt until confirmed"]
    assert len(doubted) >= 3
    for request in doubted:
        assert request.ordered is not None
        rows = history(bc_crowd, 7, request.number)
        confirmed = min(map(delivered, request.documents)) - request.ordered
        assert [row["stage"] for row in rows][:confirmed] == ["PO Sent", *["PO Queued"] * (confirmed - 1)]
        assert rows[confirmed]["stage"] not in {"PO Sent", "PO Queued"}
        doubts = ["SEND_AMBIGUOUS" in row["exceptions"] for row in rows]
        assert doubts == [False, *[True] * (confirmed - 1), *[False] * (len(rows) - confirmed)]


def test_several_orders_are_said_to_be_taken_and_nothing_else_follows(bc_crowd: Script) -> None:
    taken = [request for request in bc_crowd.requests if request.told == ((0, 201), (1, 200))]
    assert len(taken) > 20
    assert all(request.copied is not None for request in taken)


def test_several_copies_come_twice_as_they_are_and_in_other_bytes(bc_crowd: Script) -> None:
    ways = Counter(request.again for request in bc_crowd.requests)
    assert min(ways["twice"], ways["rewritten"]) >= 10


def test_without_a_copy_the_first_answer_proves_it(bc_handful: Script) -> None:
    # PR1014 is confirmed a round after its purchase order.
    rows = history(bc_handful, 7, "PR1014")
    assert [row["stage"] for row in rows][:2] == ["PO Created", "Order Confirmed"]


def test_without_a_copy_and_an_answer_nobody_knows_that_an_order_was_sent() -> None:
    script = sent_by_business_central(full(Identifiers(2)))
    silent = [one for one in ordered(script) if one.copied is None and not one.documents]
    assert silent
    for request in silent:
        assert {row["stage"] for row in history(script, 2, request.number)} == {"PO Created"}


def test_what_is_ordered_is_known_from_the_purchase_order_on(bc_handful: Script) -> None:
    for number in ("PR1001", "PR1003", "PR1014"):
        request = next(item for item in bc_handful.requests if item.number == number)
        for row in history(bc_handful, 7, number):
            assert [line["ordered"] for line in row["lines"]] == [str(quantity) for quantity in request.lines]


def test_a_confirmation_is_awaited_from_the_time_that_the_copy_states(bc_handful: Script) -> None:
    # PR1010: sent half an hour before the sync of round 3, which is 23.5 hours before round 4.
    request = next(item for item in bc_handful.requests if item.number == "PR1010")
    sent = bc_handful.sent_at(request)
    assert sent is not None
    assert bc_handful.instant(4) - sent == timedelta(hours=23, minutes=30)
    assert [row["exceptions"] for row in history(bc_handful, 7, "PR1010")][:3] == [[], [], ["CONF_OVERDUE"]]


def test_without_a_copy_nobody_says_when_a_confirmation_is_overdue(bc_handful: Script) -> None:
    assert {tuple(row["not_judged"]) for row in history(bc_handful, 7, "PR1005")} == {("CONF_OVERDUE",)}
    late = [row["not_judged"] for row in history(bc_handful, 7, "PR1003")]
    assert (late[0], late[1]) == (["CONF_OVERDUE"], [])


def test_a_missing_e_mail_holds_nothing_up(bc_handful: Script) -> None:
    assert [row["exceptions"] for row in history(bc_handful, 7, "PR1013")][:2] == [[], ["CONF_OVERDUE"]]


def test_the_age_of_a_cart_is_no_matter_of_ours(bc_crowd: Script, crowd: Script) -> None:
    old = {request.number for request in crowd.requests if request.about == "cart that expires"}
    for request in bc_crowd.requests:
        if request.number in old:
            rows = history(bc_crowd, 7, request.number)
            assert rows[0]["stage"] == ("PO Sent" if request.copied == 0 else "PO Created")
            assert {line["ordered"] for line in rows[0]["lines"]} != {"0"}


def test_an_order_of_before_the_cutover_is_an_order_like_any_other_without_its_copy(bc_crowd: Script) -> None:
    legacy = [request for request in bc_crowd.requests if request.about == "before cut-over"]
    assert len(legacy) >= 3
    for request in legacy:
        first = history(bc_crowd, 7, request.number)[0]
        assert (request.copied, first["adopted"], first["exceptions"]) == (None, False, [])
        assert first["stage"] == ("PO Sent" if request.confirmed_before else "PO Created")


def test_an_emptied_purchase_order_is_still_at_amazon(bc_crowd: Script) -> None:
    for request in bc_crowd.requests:
        if request.cancelled is None or request.ordered is None:
            continue
        rows = history(bc_crowd, 7, request.number)
        code = "BC_CANCELLED_NOT_AT_AMAZON"
        at = request.cancelled - request.ordered
        assert [code in row["exceptions"] for row in rows][: at + 1] == [False] * at + [True]
        assert (code in rows[-1]["exceptions"]) == (rows[-1]["stage"] != "Rejected")
        assert [line["ordered"] for line in rows[-1]["lines"]] == [str(quantity) for quantity in request.lines]


def test_the_cutover_changes_nothing(bc_handful: Script) -> None:
    later = replace(bc_handful, cutover="2026-03-09T00:00:00+00:00")
    for at in range(1, len(later.rounds) + 1):
        assert oracle.expected(Identifiers(7), at, later) == oracle.expected(Identifiers(7), at, bc_handful)
