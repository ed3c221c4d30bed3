"""Decisions are kept under names that outlive every ledger: before or after what they are about, they do the same."""

import pytest

from cxml_parsers.reader import read
from punchout.ledger.decisions.deciding import concerned, decide, decision_id, touch_concerned
from punchout.ledger.kept_decisions import kept
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.facts import ORDER_LINE, UPDATE_QUEUED
from punchout.ledger.tables.logs import AUDIT
from punchout.ledger.upkeep.rebuild import rebuild
from punchout.model.decisions import AnalystDecision, DecisionKind, owner_of
from punchout.model.keys import Account, RequestKey
from tests.reconciliation.stories import decided
from tests.support.deliveries import Delivery
from tests.support.ledgers import Ledgers, each, rows
from tests.support.plays import Play
from tests.support.purchases import (
    ACCOUNT,
    Purchase,
    orders_export,
    requests_export,
)
from tests.support.stories import FIRST, ordered

NOTICE = FIRST.ship_notice("S1", (1, "3"))


def body_of(delivery: Delivery) -> str:
    body_sha256 = read(delivery.data).body_sha256
    assert body_sha256 is not None
    return body_sha256


IGNORED = decided("ignore_doc", body_of(NOTICE))
CLOSED = decided("close_line", "PR0001/10000")


def take(play: Play, *decisions: AnalystDecision) -> list[AnalystDecision]:
    with play.engine.begin() as connection:
        return decide(connection, ACCOUNT, decisions, "ann", play.now)


def shipped(play: Play) -> str:
    return str(play.request()["lines"][0]["shipped"])


def test_a_decision_about_a_document_holds_once_it_is_settled(placed: Play) -> None:
    placed.sync(NOTICE)
    assert shipped(placed) == "3"
    take(placed, IGNORED)
    placed.exchange().settle()
    assert shipped(placed) == "0"
    assert placed.broken_promises() == {}


def test_a_decision_before_request_and_document_does_what_one_after_them_does(play: Play) -> None:
    assert take(play, IGNORED, CLOSED) == [IGNORED, CLOSED]
    play.exchange().settle()
    assert play.status()["requests"] == []
    ordered(play)
    play.sync(NOTICE)
    assert shipped(play) == "0"
    assert [line["order_axis"] for line in play.request()["lines"]] == ["cancelled", "sent"]
    assert play.broken_promises() == {}


def test_a_decision_survives_a_rebuild(placed: Play) -> None:
    placed.sync(NOTICE)
    take(placed, IGNORED)
    placed.sync()
    before = placed.hash()
    each(placed.engine, rebuild)
    placed.exchange().settle()
    assert (placed.hash(), shipped(placed)) == (before, "0")


def test_the_same_decision_told_again_is_kept_once(placed: Play) -> None:
    assert take(placed, IGNORED, IGNORED) == [IGNORED]
    assert take(placed, IGNORED) == []
    assert len(rows(placed.engine, ANALYST_DECISION)) == 1
    assert [row["command"] for row in rows(placed.engine, AUDIT)] == ["decide ignore_doc"]


def test_decisions_are_given_back_as_they_were_taken(placed: Play) -> None:
    told = [
        decided("accept_price", "PR0001/10000", price=12_500_000, at=2),
        decided("link", f"{body_of(NOTICE)}#1.1", line_key="20000", at=1),
        decided("waive", "PR0001", code="PO_MISSING", at=3),
    ]
    take(placed, *told)
    with placed.engine.connect() as connection:
        assert kept(connection, ACCOUNT) == sorted(told, key=lambda one: one.at)


def test_a_decision_of_another_company_is_none_of_ours(placed: Play) -> None:
    other = Account("OTHER", ACCOUNT.supplier)
    assert decision_id(other, CLOSED) != decision_id(ACCOUNT, CLOSED)
    with placed.engine.begin() as connection:
        decide(connection, other, [CLOSED], "ann", placed.now)
    placed.exchange().settle()
    assert placed.request()["lines"][0]["order_axis"] == "sent"
    with placed.engine.connect() as connection:
        assert kept(connection, ACCOUNT) == []


def test_a_request_whose_number_holds_slashes_finds_its_own_decisions_only(play: Play) -> None:
    own = decided("waive", "PR/26/1", code="PO_MISSING")
    line = decided("close_line", "PR/26/1/10000")
    other = decided("waive", "PR/26/2", code="PO_MISSING")
    play.sync(*Purchase(number="PR/26/1").exported())
    take(play, own, line, other)
    key = RequestKey(ACCOUNT.company, ACCOUNT.supplier, "PR/26/1")
    with play.engine.connect() as connection:
        assert set(histories(connection, [key])[key].decisions) == {own, line}
        assert concerned(connection, ACCOUNT, [own, line, other]) == {own: {key}, line: {key}, other: set()}


@pytest.mark.parametrize(
    ("subject", "owner"),
    [
        ("PR1/10000", "PR1"),
        ("PR1", "PR1"),
        ("A/B/cart:1", "A/B"),
        ("a" * 64, "a" * 64),
        ("b" * 64 + "#1.2", "b" * 64),
        ("c" * 63 + "#1", "c" * 63 + "#1"),
    ],
)
def test_a_subject_is_looked_up_by_its_request_or_its_document(subject: str, owner: str) -> None:
    assert owner_of(subject) == owner


def test_what_is_decided_while_a_document_finds_its_request_is_not_overlooked(ledgers: Ledgers, placed: Play) -> None:
    """The decision cannot see where the document is put, and the reconciliation cannot see the decision."""
    if ledgers.kind == "sqlite":
        pytest.skip("SQLite has one writer: nothing happens side by side")
    placed.deliver(NOTICE)
    exchange = placed.exchange()
    exchange.parse()
    with placed.engine.connect() as deciding:
        begun = deciding.begin()
        decide(deciding, ACCOUNT, [IGNORED], "ann", placed.now)
        exchange.settle()
        begun.commit()
    exchange.settle()
    assert shipped(placed) == "3"
    each(placed.engine, lambda c: touch_concerned(c, ACCOUNT, [IGNORED]))
    exchange.settle()
    assert shipped(placed) == "0"


@pytest.mark.parametrize("ignored", [True, False])
def test_neither_an_order_nor_business_centrals_lines_are_made_of_an_ignored_cart(play: Play, *, ignored: bool) -> None:
    play.take_in(requests_export(FIRST.new_row(), name="new.json"), FIRST.cart())
    if ignored:
        take(play, decided("ignore_doc", body_of(FIRST.cart()), at=play.now))
    play.sync()
    assert ("cart_lines" in {row["kind"] for row in rows(play.engine, UPDATE_QUEUED)}) is not ignored
    play.later(1)
    play.sync(*FIRST.exported())
    positions = {row["cart_position"] for row in rows(play.engine, ORDER_LINE)}
    assert positions == ({None} if ignored else {1, 2})


LOST = Purchase(number="PR0077", order_id="106077").invoice("I77", (1, "1"))
"""An invoice for an order that nobody here knows."""


def waiting(play: Play) -> list[tuple[str, str | None]]:
    return [(one["code"], one["acknowledged_by"]) for one in play.status()["document_exceptions"]]


def let_be(kind: DecisionKind = "waive", code: str = "ORDER_NOT_FOUND") -> AnalystDecision:
    return decided(kind, f"{body_of(LOST)}#1", code=code)


@pytest.mark.parametrize("decision", [let_be(), decided("ignore_doc", body_of(LOST))], ids=lambda one: one.kind)
def test_a_document_without_an_order_that_a_person_let_be_is_an_exception_no_more(
    play: Play, decision: AnalystDecision
) -> None:
    play.sync(LOST)
    assert waiting(play) == [("ORDER_NOT_FOUND", None)]
    take(play, decision)
    play.exchange().settle()
    assert (waiting(play), play.status()["documents"]["waiting"]) == ([], 1)
    before = play.hash()
    each(play.engine, rebuild)
    play.exchange().settle()
    assert (waiting(play), play.hash(), play.broken_promises()) == ([], before, {})


def test_a_document_that_was_let_be_before_it_came_is_no_exception_when_it_comes(play: Play) -> None:
    take(play, let_be())
    play.sync(LOST)
    assert waiting(play) == []


@pytest.mark.parametrize("code", ["ORDER_REF_CONFLICT", "CART_UNKNOWN_COOKIE"])
def test_a_document_without_an_order_stays_an_exception_where_another_one_was_let_be(play: Play, code: str) -> None:
    play.sync(LOST)
    take(play, let_be(code=code))
    play.exchange().settle()
    assert waiting(play) == [("ORDER_NOT_FOUND", None)]


def test_that_somebody_knows_of_a_document_without_an_order_is_said_beside_it(play: Play) -> None:
    play.sync(LOST)
    take(play, let_be("acknowledge"))
    play.exchange().settle()
    assert waiting(play) == [("ORDER_NOT_FOUND", "ann")]


def test_a_document_that_was_let_be_is_placed_all_the_same_once_its_order_is_known(play: Play) -> None:
    play.sync(LOST)
    take(play, let_be())
    play.exchange().settle()
    found = Purchase(number="PR0077", order_id="106077")
    play.sync(requests_export(found.row()), orders_export(found.order_row()))
    assert play.request("PR0077")["lines"][0]["invoiced"] == "1"
    assert (play.status()["documents"]["waiting"], play.broken_promises()) == (0, {})
