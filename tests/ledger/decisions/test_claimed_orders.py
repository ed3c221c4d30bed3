"""What was decided about a purchase order that no request claimed counts for the request that claims it later."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers.reader import read
from punchout.ledger.decisions.decided import decisions_of
from punchout.ledger.decisions.deciding import concerned, decide
from punchout.ledger.decisions.standing import Judging, effects
from punchout.ledger.decisions.subjects import Subjects
from punchout.ledger.engine import reading
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.ledger.views.trace import trace
from punchout.model.decisions import AnalystDecision
from punchout.model.exact import ONE
from punchout.model.keys import key_of_order
from punchout.model.moments import DAY
from resources import policies as from_settings
from resources.replaying import replay_ledger
from tests.reconciliation.stories import decided
from tests.support.deliveries import Delivery
from tests.support.effort import long_examples
from tests.support.ledgers import Ledgers, each
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT, Purchase, orders_export, requests_export


def body_of(delivery: Delivery) -> str:
    body_sha256 = read(delivery.data).body_sha256
    assert body_sha256 is not None
    return body_sha256


ORDER = Purchase(number="PR0009", order_id="106009")
UNCLAIMED = orders_export(ORDER.order_row(punchoutRequestNumber=None), name="unclaimed.json")
CLAIM = requests_export(ORDER.row(), name="claim.json")
ANSWER = ORDER.ship_notice("S9", (2, "1"))
"""The supplier has the order, so that its lines are known before any request claims it."""
STAND_IN = key_of_order(ACCOUNT, ORDER.order_id)
CLOSED = decided("close_line", "PO:106009/order:1")
KNOWN = decided("acknowledge", "PO:106009/order:1", code="INV_BEFORE_SHIP")
BILL = ORDER.invoice("I9", (1, "3"))


def take(play: Play, *decisions: AnalystDecision) -> None:
    each(play.engine, partial(decide, account=ACCOUNT, decisions=decisions, by="ann", at=play.now))


def judging(play: Play) -> Judging:
    return Judging(ACCOUNT, from_settings.policies(play.settings), play.now)


def axes(play: Play, number: str) -> list[str]:
    return [line["order_axis"] for line in play.request(number)["lines"]]


def claimed(play: Play, *steps: Delivery | AnalystDecision) -> None:
    for step in steps:
        if isinstance(step, AnalystDecision):
            take(play, step)
            play.exchange().settle()
        else:
            play.sync(step)


@pytest.mark.parametrize(
    "steps",
    [
        (UNCLAIMED, ANSWER, CLOSED, CLAIM),
        (UNCLAIMED, ANSWER, CLAIM, CLOSED),
        (CLOSED, CLAIM, ANSWER, UNCLAIMED),
        (CLAIM, CLOSED, UNCLAIMED, ANSWER),
    ],
    ids=["decided, then claimed", "claimed, then decided", "decided before anything came", "decided before the order"],
)
def test_a_line_that_was_closed_is_closed_in_the_request_whatever_came_first(
    play: Play, steps: tuple[Delivery | AnalystDecision, ...]
) -> None:
    claimed(play, *steps)
    assert axes(play, "PR0009") == ["cancelled", "sent"]
    assert [one["request_no"] for one in play.status()["requests"]] == ["PR0009"]
    assert play.broken_promises() == {}


LOST = decided("close_line", "PO:106009/order:7", by="bob")
LINKED = decided("link", f"{body_of(BILL)}#1.1", line_key="order:2")
PRICED = decided("accept_price", "PO:106009/20000", price=ONE)
STEPS = (UNCLAIMED, CLAIM, ANSWER, BILL, CLOSED, KNOWN, LOST, LINKED, PRICED, decided("close_line", "PR0009/20000"))


@pytest.mark.slow
def test_in_whatever_order_order_claim_answers_and_decisions_come_the_ledger_is_the_same(
    ledgers: Ledgers, tmp_path: Path
) -> None:
    def told(home: Path, steps: Sequence[Delivery | AnalystDecision]) -> str:
        with ledgers.migrated() as engine:
            play = Play(engine, home)
            play.now += 20 * DAY
            for step in steps:
                if isinstance(step, AnalystDecision):
                    take(play, step)
                else:
                    play.take_in(step)
                play.exchange().recheck_waiting()
                play.exchange().settle()
            return play.hash()

    expected = told(tmp_path, STEPS)

    @long_examples(12 if ledgers.kind == "sqlite" else 3, nightly=300)
    @given(steps=st.permutations(STEPS))
    def holds(steps: list[Delivery | AnalystDecision]) -> None:
        assert told(tmp_path, steps) == expected

    holds()


def test_the_line_is_closed_while_the_order_is_still_unclaimed(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLOSED)
    assert axes(play, "PO:106009") == ["cancelled", "sent"]


def test_a_rebuilt_and_a_replayed_ledger_are_the_one_that_grew(ledgers: Ledgers, play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLOSED, LOST, CLAIM)
    grown = play.hash()
    assert "DECISION_UNPLACED" in play.request("PR0009")["exceptions"]
    with ledgers.blank() as empty:
        found = replay_ledger(play.settings, play.engine, empty)
        assert (found.differences, found.hashes) == ([], (grown, grown))
    each(play.engine, rebuild)
    play.exchange().settle()
    assert (play.hash(), axes(play, "PR0009")) == (grown, ["cancelled", "sent"])


def test_who_knew_of_an_exception_is_shown_at_the_line_of_the_request(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, BILL, KNOWN, CLAIM)
    play.later(24 * 20)
    play.sync()
    shown = [one for one in play.request("PR0009")["exception_details"] if one["code"] == "INV_BEFORE_SHIP"]
    assert [(one["subject_key"], one["acknowledged_by"]) for one in shown] == [("PR0009/10000", "ann")]


def test_the_trace_names_the_person_the_decision_and_what_it_counts_for(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLOSED, LOST, CLAIM)
    with reading(play.engine) as connection:
        found = trace(connection, ORDER.key, from_settings.policies(play.settings), play.now)["decisions"]
    counts = {"subject": "PR0009/10000", "line": None}
    assert [(one["by"], one["subject"], one["counts_for"]) for one in found] == [
        ("ann", "PO:106009/order:1", counts),
        ("bob", "PO:106009/order:7", None),
    ]
    assert ("order_axis", "sent", "cancelled") in {
        (one["field"], one["before"], one["after"]) for one in found[0]["changes"]
    }
    assert [one["field"] for one in found[1]["changes"]] == ["DECISION_UNPLACED"]


def test_a_decision_is_listed_with_the_request_that_has_claimed_its_order(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLOSED, CLAIM)
    with reading(play.engine) as connection:
        assert list(decisions_of(connection, [ORDER.key])[ORDER.key]) == [CLOSED]
        assert ORDER.key in concerned(connection, ACCOUNT, [CLOSED])[CLOSED]
        waiver = decided("waive", "PO:106009", code="OUT_ALREADY_SENT")
        assert ORDER.key in concerned(connection, ACCOUNT, [waiver])[waiver]


def test_what_a_decision_under_the_old_name_would_change_is_foretold(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLAIM)
    with reading(play.engine) as connection:
        found = [one for one in effects(connection, [CLOSED], judging(play)) if one.changes]
    assert [one.key for one in found] == [ORDER.key]
    assert ("PR0009/10000", "order_axis", "sent", "cancelled") in {
        (one.subject, one.field, one.before, one.after) for one in found[0].changes
    }


def test_a_person_may_still_name_the_order_as_it_was_shown_before(play: Play) -> None:
    claimed(play, UNCLAIMED, ANSWER, CLAIM)
    with reading(play.engine) as connection:
        assert Subjects(connection, judging(play)).line("PO:106009/10000") == "PR0009/10000"


def test_two_requests_that_claim_one_order_leave_the_decision_where_it_is(play: Play) -> None:
    """Neither has the order, so neither has what was decided about it; the order waits with its conflict."""
    other = Purchase(number="PR0010", order_id=ORDER.order_id)
    claimed(play, UNCLAIMED, ANSWER, CLOSED, CLAIM, requests_export(other.row(), name="other.json"))
    with reading(play.engine) as connection:
        assert decisions_of(connection, [ORDER.key, other.key]) == {}
    assert "ORDER_REF_CONFLICT" in {one["code"] for one in play.status()["document_exceptions"]}


def test_an_order_whose_number_holds_a_slash_keeps_its_decisions_apart_from_its_neighbours(play: Play) -> None:
    both = [Purchase(number=f"PR{n}", order_id=f"AB/{n}") for n in (1, 2)]
    claimed(play, *(requests_export(one.row(), name=f"{one.number}.json") for one in both))
    claimed(play, *(orders_export(one.order_row(), name=f"order-{one.number}.json") for one in both))
    first = decided("accept_price", "PO:AB/1/order:1", price=ONE)
    whole = decided("waive", "PO:AB/1", code="OUT_VALIDATION")
    take(play, first, whole)
    with reading(play.engine) as connection:
        found = decisions_of(connection, [one.key for one in both])
        about = concerned(connection, ACCOUNT, [first, whole])
    assert {key: set(decisions) for key, decisions in found.items()} == {both[0].key: {first, whole}}
    assert {decision: keys & {one.key for one in both} for decision, keys in about.items()} == {
        first: {both[0].key},
        whole: {both[0].key},
    }
