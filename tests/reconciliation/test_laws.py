"""Laws that hold for any history: order and repetition mean nothing, and no quantity is lost."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from punchout.model.decisions import AnalystDecision
from punchout.model.documents import ShipPortion
from punchout.model.exact import ONE
from punchout.model.history import RequestHistory, Stated
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.results import Reconciled
from tests.reconciliation.copies import order_copy, word
from tests.reconciliation.histories import (
    MUCH_LATER,
    ORDER_ID,
    PAYLOAD,
    POLICY,
    REFERENCE,
    add,
    at,
    confirmation,
    history,
    invoice,
    item,
    mark,
    now,
    payload_of,
    purchase_order,
    queued,
    request,
    resolved,
    result,
    sent,
    shipment,
    stated,
    status,
)
from tests.reconciliation.stories import decided

QUANTITIES = (3, 1, 2)
# Twice the same instant, so that ties happen.
TIMES = (
    "2026-03-04T10:00:00Z",
    "2026-03-04T10:00:00Z",
    "2026-03-04T02:00:00-08:00",
    "2026-03-05T10:00:00Z",
    "2026-03-05",
)
times = st.sampled_from(TIMES).map(at)
line_numbers = st.sampled_from((1, 2, 3, 9, None))
TIED = mark().at
pairs = st.lists(st.tuples(line_numbers, st.integers(1, 4)), max_size=3)


@st.composite
def confirmations(draw: Callable[[Any], Any]) -> object:
    kinds = st.sampled_from(("accept", "detail", "reject", "backordered", "unknown"))
    confirm_ids = st.sampled_from((None, "111-1", "111-2"))
    items = [
        item(line, *(status(kind, quantity, place, confirm_id=draw(confirm_ids)) for place, (kind, quantity) in said))
        for line in draw(st.lists(line_numbers, max_size=3))
        if (said := list(enumerate(draw(st.lists(st.tuples(kinds, st.integers(1, 3)), min_size=1, max_size=3)), 1)))
    ]
    return confirmation(
        *items,
        type=draw(st.sampled_from(("detail", "accept", "reject", "except", "backordered"))),
        confirm_id=draw(st.sampled_from((None, "111-1", "111-2", "111-3"))),
        operation=draw(st.sampled_from(("new", "update"))),
        notice=draw(times),
    )


@st.composite
def shipments(draw: Callable[[Any], Any]) -> object:
    notice = shipment(
        *draw(pairs),
        shipment_id=draw(st.sampled_from((None, "S1", "S2"))),
        type=draw(st.sampled_from(("actual", "planned", None))),
        reason=draw(st.sampled_from((None, None, "return"))),
        operation=draw(st.sampled_from(("new", "new", "update", "delete"))),
        notice=draw(times),
        shipment_date=draw(times),
        delivery_date=draw(times),
    )
    return replace(notice, portions=(ShipPortion(ordinal=1, order=REFERENCE),)) if draw(st.booleans()) else notice


@st.composite
def invoices(draw: Callable[[Any], Any]) -> object:
    return invoice(
        *draw(pairs),
        invoice_id=draw(st.sampled_from((None, "I1", "I2"))),
        purpose=draw(st.sampled_from(("standard", "standard", "lineLevelCreditMemo", "debitMemo"))),
        operation=draw(st.sampled_from(("new", "new", "delete"))),
        invoice_date=draw(times),
        is_information_only=draw(st.booleans()),
    )


@st.composite
def orders(draw: Callable[[Any], Any]) -> object:
    """An order of somebody else's."""
    return order_copy(
        *draw(st.lists(st.integers(1, 3), max_size=3)),
        order_id=draw(st.sampled_from((ORDER_ID, ORDER_ID, "PO2"))),
        order_version=draw(st.sampled_from((None, 1, 2))),
        type=draw(st.sampled_from(("new", "update", "delete"))),
        order_date=draw(times),
    )


@st.composite
def words(draw: Callable[[Any], Any], documents: list[Stated[Any]]) -> Stated[Any]:
    """What the supplier says later of our order or of any document."""
    payloads = [PAYLOAD, *(one.source.payload_id for one in documents)]
    when = draw(st.sampled_from(("2026-03-04T18:00:00Z", "2026-03-05T18:00:00Z")))
    subject = draw(st.sampled_from((None, None, "InvoiceStatus")))
    code = draw(st.sampled_from((200, 201, 400, 409, 500)))
    return word(code, draw(st.sampled_from(payloads)), when, subject=subject)


@st.composite
def outbound(draw: Callable[[Any], Any]) -> RequestHistory:
    """A request before, during or after sending."""
    rows = history(request(*QUANTITIES), purchase_order(*QUANTITIES))
    facts = [
        queued(*QUANTITIES),
        mark(),
        result(draw(st.sampled_from(("sent", "in_doubt", "refused", "pending")))),
        resolved(draw(st.sampled_from(("sent", "pending", "cancelled"))), draw(st.sampled_from((TIED, TIED + 1)))),
        mark(2, TIED + 1),
    ]
    if draw(st.booleans()):
        return sent(*QUANTITIES)
    return add(rows, *facts[: draw(st.integers(0, len(facts)))])


@st.composite
def histories(draw: Callable[[Any], Any]) -> RequestHistory:
    """Up to a dozen documents, some of which refer to others as what they replace."""
    bodies: list[Any] = draw(st.lists(st.one_of(confirmations(), shipments(), invoices(), orders()), max_size=12))
    linked = []
    for body in bodies:
        previous = payload_of(draw(st.sampled_from(bodies))) if draw(st.booleans()) else None
        name = "original_payload_id" if hasattr(body, "original_payload_id") else "previous_payload_id"
        # The reference is added after the payloadIDs are drawn, so that circles can come about too.
        linked.append(stated(replace(body, **{name: previous}), payload_id=payload_of(body)))
    said = draw(st.lists(words(linked), max_size=3))
    return add(draw(outbound()), *linked, *said, *draw(st.lists(decisions(linked), max_size=3)))


def decisions(documents: list[Stated[Any]]) -> st.SearchStrategy[AnalystDecision]:
    """What a person may decide about any of the documents, lines and exceptions."""
    shas = [one.source.body_sha256 for one in documents] or ["0"]
    places = st.builds("{}#{}".format, st.sampled_from(shas), st.sampled_from(("1", "1.1", "2", "1.2")))
    lines = st.sampled_from(("PR1/10000", "PR1/20000", "10000", "PR1/9"))
    when = st.integers(TIED, TIED + 1)
    return st.one_of(
        st.builds(
            decided, st.sampled_from(("link", "unlink")), places, at=when, line_key=st.sampled_from(("10000", "9"))
        ),
        st.builds(decided, st.just("ignore_doc"), st.sampled_from(shas), at=when),
        st.builds(decided, st.just("close_line"), lines, at=when),
        st.builds(decided, st.just("accept_price"), lines, at=when, price=st.sampled_from((None, ONE, 99 * ONE))),
        st.builds(
            decided,
            st.sampled_from(("waive", "acknowledge")),
            st.sampled_from(("PR1", "PR1/10000")),
            at=when,
            code=st.sampled_from(("INV_QTY_OVER", "CONF_OVERDUE")),
        ),
    )


def shuffled(facts: RequestHistory, shuffle: Callable[[list[Any]], list[Any]]) -> RequestHistory:
    """The same facts in another order, each document once more under another surrogate and a later receipt."""
    changed: dict[str, Any] = {}
    surrogates = iter(shuffle(list(range(1000, 1200))))
    for field in fields(facts):
        values = getattr(facts, field.name)
        if isinstance(values, tuple):
            doubled = [_again(one, next(surrogates), later) for one in values for later in (0, 5)]
            changed[field.name] = tuple(shuffle(doubled))
    return replace(facts, **changed)


def _again(fact: Any, surrogate: int, later: int) -> Any:  # noqa: ANN401 - any fact
    if not isinstance(fact, Stated):
        return fact
    source = replace(fact.source, document_id=surrogate, received=fact.source.received + later)
    return Stated(source, _backwards(fact.body) if later else fact.body)


def _backwards(body: Any) -> Any:  # noqa: ANN401 - any record
    """The same record with everything listed in it the other way round; ordinals keep what the order was."""
    if isinstance(body, tuple):
        return tuple(_backwards(part) for part in reversed(body))
    if not is_dataclass(body):
        return body
    values = {field.name: _backwards(getattr(body, field.name)) for field in fields(body)}
    return replace(body, **values)  # type: ignore[type-var]


STRICT = replace(POLICY, confirmation_policy="strict_cxml")
confirmation_policies = st.sampled_from((POLICY, STRICT))
policies = st.sampled_from((POLICY, STRICT, replace(POLICY, sent_by="bc")))


@given(histories(), policies, st.data())
def test_neither_order_nor_repetition_nor_surrogates_change_the_result(
    facts: RequestHistory, policy: ReconciliationPolicy, data: st.DataObject
) -> None:
    other = shuffled(facts, lambda values: data.draw(st.permutations(values)))
    assert now(facts, MUCH_LATER, policy) == now(other, MUCH_LATER, policy)


def conserved(found: Reconciled) -> bool:
    return all(
        line.ordered <= 0
        or line.accepted + line.rejected >= line.ordered
        or 0 <= line.backordered <= line.ordered - line.accepted - line.rejected
        for line in found.lines
    )


@given(histories(), confirmation_policies)
def test_accepted_rejected_backordered_and_open_make_up_what_was_ordered(
    facts: RequestHistory, policy: ReconciliationPolicy
) -> None:
    assert conserved(now(facts, policy=policy))


@given(histories(), confirmation_policies)
def test_every_current_document_is_linked_or_reported(facts: RequestHistory, policy: ReconciliationPolicy) -> None:
    found = now(facts, policy=policy)
    current = {
        state.body_sha256 for state in found.versions if state.standing == "current" and state.kind != "order_request"
    }
    linked = {link.body_sha256 for link in found.links}
    reported = {one.subject_key.split("#")[0] for one in found.exceptions if one.subject_kind == "document"}
    assert linked <= current <= linked | reported


@given(histories())
def test_links_of_an_itemised_kind_sum_to_the_position(facts: RequestHistory) -> None:
    found = now(facts)
    for line in found.lines:
        billed = sum(link.quantity for link in found.links if (link.kind, link.line_key) == ("invoice", line.key))
        assert billed == line.invoiced


@given(histories(), confirmation_policies)
def test_a_document_that_another_puts_aside_says_by_which(facts: RequestHistory, policy: ReconciliationPolicy) -> None:
    for state in now(facts, policy=policy).versions:
        assert (state.by is not None) is (state.standing in {"replaced", "deleted", "superseded"})


@given(histories())
def test_the_confirmation_policy_only_sets_standing_confirmations_aside(facts: RequestHistory) -> None:
    def standings(policy: ReconciliationPolicy) -> dict[tuple[str, str], str]:
        return {(one.kind, one.body_sha256): one.standing for one in now(facts, policy=policy).versions}

    habit, strict = standings(POLICY), standings(STRICT)
    assert habit.keys() == strict.keys()
    changed = {
        (kind, habit[kind, sha], strict[kind, sha]) for kind, sha in habit if habit[kind, sha] != strict[kind, sha]
    }
    assert changed <= {("confirmation", "current", "superseded")}


@given(histories(), st.integers(0, 40))
def test_nothing_changes_before_the_next_moment_that_is_due(facts: RequestHistory, days: int) -> None:
    first = mark().at + days * 12 * 3_600 * ONE
    due = now(facts, first).next_due_at
    last = (due or first + 10**15) - 1
    assert now(facts, first) == now(facts, last)


@given(histories())
def test_a_moment_that_is_due_changes_something(facts: RequestHistory) -> None:
    before = now(facts, mark().at)
    if before.next_due_at is not None:
        after = now(facts, before.next_due_at)
        assert (after.exceptions, after.waived) != (before.exceptions, before.waived)


@given(histories())
def test_the_evidence_for_a_sum_sums_to_it(facts: RequestHistory) -> None:
    found = {f"{facts.key.request_no}/{line.key}": line for line in now(facts).lines}
    for reason in explain(facts, POLICY, MUCH_LATER):
        if reason.field in {"accepted", "rejected", "invoiced", "returned"}:
            total = sum(place.quantity or 0 for place in reason.places)
            assert total == getattr(found[reason.subject_key], reason.field)


@given(histories())
def test_allocations_sum_to_what_is_stated_and_an_excess_is_reported(facts: RequestHistory) -> None:
    found = now(facts, MUCH_LATER)
    stated_sums: dict[tuple[str, tuple[int, ...], str], int] = {}
    allocated: dict[tuple[str, tuple[int, ...], str], int] = {}
    for link in found.links:
        if link.kind == "invoice" and link.line_key:
            stated_sums[link.body_sha256, link.ordinals, link.line_key] = abs(link.quantity)
    for one in found.allocations:
        if one.kind == "invoice":
            key = (one.body_sha256, one.ordinals, one.line_key)
            allocated[key] = allocated.get(key, 0) + one.quantity
    assert {key: total for key, total in stated_sums.items() if total} == allocated
    reported = {(one.code.value, one.subject_key) for one in (*found.exceptions, *found.waived)}
    for one in found.allocations:
        if one.base == "excess":
            subject = f"{facts.key.request_no}/{one.line_key}"
            codes = {"INV_QTY_OVER", "CREDIT_OVER"} if one.kind == "invoice" else {"SHIP_OVER_QTY"}
            assert any((code, subject) in reported for code in codes)
