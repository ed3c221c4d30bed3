"""Which confirmations of one order stand together: all by Amazon's habit, fewer by cXML's own rule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.documents import Confirmation
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.policy import ReconciliationPolicy
from tests.reconciliation.histories import (
    NOW,
    POLICY,
    accept,
    add,
    at,
    confirmation,
    item,
    now,
    payload_of,
    reject,
    sent,
    stated,
)
from tests.reconciliation.stories import told

STRICT = replace(POLICY, confirmation_policy="strict_cxml")
FIRST = confirmation(item(1, accept(3)), notice=at("2026-03-04T08:00:00Z"))
LATER, LATEST = at("2026-03-04T12:00:00Z"), at("2026-03-04T18:00:00Z")
DISCARDS = ("accept", "except", "reject")


def standings(*bodies: Confirmation, policy: ReconciliationPolicy = STRICT) -> list[tuple[str, Confirmation | None]]:
    """Give for each body how it stands, and which set it aside."""
    documents = [stated(body, place) for place, body in enumerate(bodies, 1)]
    by_sha = {one.source.body_sha256: one.body for one in documents}
    found = now(add(sent(3, 1), *documents), policy=policy)
    states = {by_sha[state.body_sha256]: (state.standing, by_sha.get(state.by or "")) for state in found.versions}
    return [states[body] for body in bodies]


@pytest.mark.parametrize("kind", DISCARDS)
def test_a_confirmation_of_the_whole_order_discards_all_before_it(kind: str) -> None:
    whole = confirmation(type=kind, confirm_id="111-2", notice=LATER)
    assert standings(FIRST, whole) == [("superseded", whole), ("current", None)]


@pytest.mark.parametrize("kind", DISCARDS)
def test_by_amazons_habit_it_discards_nothing(kind: str) -> None:
    whole = confirmation(type=kind, confirm_id="111-2", notice=LATER)
    assert standings(FIRST, whole, policy=POLICY) == [("current", None), ("current", None)]


@pytest.mark.parametrize("kind", ["detail", "allDetail", "backordered", "replace", "requestToPay"])
def test_a_confirmation_of_any_other_type_adds_to_what_stands(kind: str) -> None:
    other = confirmation(item(2, accept(1)), type=kind, confirm_id="111-2", notice=LATER)
    assert standings(FIRST, other) == [("current", None), ("current", None)]


def test_what_comes_after_it_adds_to_it() -> None:
    whole = confirmation(type="accept", confirm_id="111-2", notice=LATER)
    more = confirmation(item(2, reject(1)), confirm_id="111-3", notice=LATEST)
    assert standings(FIRST, whole, more) == [("superseded", whole), ("current", None), ("current", None)]
    assert told(add(sent(3, 1), FIRST, whole, more), policy=STRICT) == (
        "Order Confirmed",
        ["3/0/0", "0/0/0"],
        ["CONF_REJECTED_LINE", "MULTI_VALUE_PROJECTED"],
    )


def test_of_several_the_last_stands_whichever_came_first() -> None:
    accepted = confirmation(type="accept", confirm_id="111-2", notice=LATER)
    rejected = confirmation(type="reject", confirm_id="111-3", notice=LATEST)
    assert standings(rejected, FIRST, accepted) == [
        ("current", None),
        ("superseded", rejected),
        ("superseded", rejected),
    ]


def test_a_version_that_was_replaced_discards_nothing() -> None:
    whole = confirmation(type="accept", confirm_id="111-2", notice=LATER)
    corrected = confirmation(
        item(2, accept(1)),
        confirm_id="111-2",
        operation="update",
        previous_payload_id=payload_of(whole),
        notice=LATEST,
    )
    assert standings(FIRST, whole, corrected) == [("current", None), ("replaced", corrected), ("current", None)]


def test_an_update_is_judged_by_what_it_says_itself() -> None:
    other = confirmation(item(2, accept(1)), confirm_id="111-2", notice=LATER)
    update = replace(FIRST, type="except", operation="update", previous_payload_id=payload_of(FIRST), notice=LATEST)
    assert standings(FIRST, other, update) == [("replaced", update), ("superseded", update), ("current", None)]


def test_an_order_that_is_rejected_as_a_whole_after_lines_were_accepted_is_rejected() -> None:
    whole = confirmation(type="reject", confirm_id="111-2", notice=LATER)
    facts, without_lines = add(sent(3, 1), FIRST, whole), add(sent(3, 1), whole)
    assert told(facts, policy=STRICT) == told(without_lines)
    assert told(without_lines)[:2] == ("Rejected", ["0/0/0", "0/0/0"])
    assert told(facts, policy=POLICY)[1] == ["3/0/0", "0/0/0"]


def test_no_value_rests_on_what_is_superseded() -> None:
    whole = confirmation(item(1, accept(1), reject(2)), type="except", confirm_id="111-2", notice=LATER)
    facts = add(sent(3, 1), FIRST, whole)
    assert now(facts, policy=STRICT).order_confirmation_ids == ("111-2",)
    reasons = {one.field: one for one in explain(facts, STRICT, NOW) if one.subject_key.endswith("/10000")}
    assert {place.source for place in reasons["accepted"].places} == {stated(whole).source.body_sha256}


types = st.sampled_from((*DISCARDS, "detail", "allDetail", "backordered"))
moments = st.sampled_from(("2026-03-04T08:00:00Z", "2026-03-04T08:00:00Z", "2026-03-04T09:00:00Z", "2026-03-05"))


@given(st.lists(st.tuples(types, moments), min_size=1, max_size=6))
def test_at_most_one_that_discards_stands_and_it_is_the_oldest_that_does(said: list[tuple[str, str]]) -> None:
    bodies = [
        confirmation(type=kind, confirm_id=f"111-{place}", notice=at(when)) for place, (kind, when) in enumerate(said)
    ]
    found = standings(*bodies)
    standing = [body for body, (state, _) in zip(bodies, found, strict=True) if state == "current"]
    discarding = [body for body in standing if body.type in DISCARDS]
    assert len(discarding) == min(1, sum(body.type in DISCARDS for body in bodies))
    assert {by for _, by in found if by is not None} <= set(discarding)
