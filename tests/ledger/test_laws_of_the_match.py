"""Laws of whole histories, through the public path: nothing is lost or counted twice, whatever came, wherever it broke.

Every history has a dozen documents and more: updates, deletions, credits, splits, and documents that name no order.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from punchout.ledger.engine import reading
from punchout.ledger.reconciling.histories import histories as known_of
from punchout.ledger.reconciling.reconcile import compute
from punchout.ledger.resolving.references import PORTION
from punchout.ledger.tables.control import DOCUMENT_STATE, REQUEST_WORK, TOUCH
from punchout.ledger.tables.decisions import ANALYST_DECISION
from punchout.ledger.tables.facts import DOCUMENT, DOCUMENT_ENVELOPE, REFERENCE
from punchout.ledger.tables.projections import ASSIGNMENT, DOCUMENT_VERSION, EXCEPTION, LINK
from punchout.model.exact import parse_decimal
from punchout.model.keys import RequestKey
from punchout.reconciliation.results import Reconciled
from resources import exchange as exchange_module
from resources.policies import policies
from tests.ledger.test_laws import Step, a_play, answers, arrivals, do, histories, home, tell
from tests.support.deliveries import Delivery
from tests.support.effort import long_examples
from tests.support.histories import own_order
from tests.support.ledgers import Ledgers, rows
from tests.support.plays import Play

__all__ = ["home"]

REPORTED = {"CONF_OVER_ORDERED", "SHIP_OVER_QTY", "INV_QTY_OVER", "CREDIT_OVER"}
INBOUND = ("ConfirmationRequest", "ShipNoticeRequest", "InvoiceDetailRequest")


class StoppedError(Exception):
    """The machine was switched off between two units of work."""


def results(play: Play) -> list[Reconciled]:
    """Give what every request comes to, allocations included."""
    with reading(play.engine) as connection:
        work = REQUEST_WORK.c
        keys = [RequestKey(*row) for row in connection.execute(sa.select(work.company, work.supplier, work.request_no))]
        found = known_of(connection, keys).values()
    computed = (compute(one, policies(play.settings), play.now, None) for one in found)
    return [result for result in computed if result is not None]


def quantities_are_conserved(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    with a_play(ledgers, home) as play:
        tell(play, data.draw(arrivals(data.draw(histories()))), own_order(play, data.draw(answers)))
        for request in play.status()["requests"]:
            reported = {(one["code"], one["line_number"]) for one in request["exception_details"]}
            for line in request["lines"]:
                decided = sum(_millionths(line[name]) for name in ("accepted", "rejected", "backordered"))
                unconfirmed = _millionths(line["ordered"]) - decided
                assert unconfirmed >= 0 or ("CONF_OVER_ORDERED", line["line_number"]) in reported
        for result in results(play):
            _allocations_sum(result)


def _millionths(text: str) -> int:
    return parse_decimal(text)


def _allocations_sum(result: Reconciled) -> None:
    stated = {
        (link.body_sha256, link.ordinals, link.line_key): abs(link.quantity)
        for link in result.links
        if link.kind == "invoice" and link.line_key and link.quantity
    }
    allocated: dict[object, int] = {}
    for one in result.allocations:
        key = (one.body_sha256, one.ordinals, one.line_key)
        if one.kind == "invoice":
            allocated[key] = allocated.get(key, 0) + one.quantity
        if one.base == "excess":
            subject = f"{result.key.request_no}/{one.line_key}"
            assert {found.code.value for found in result.exceptions if found.subject_key == subject} & REPORTED
    assert allocated == stated


def no_document_ends_without_a_link_a_wait_or_an_exception(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    with a_play(ledgers, home) as play:
        tell(play, data.draw(arrivals(data.draw(histories()))), own_order(play, data.draw(answers)))
        assert rows(play.engine, TOUCH) == []
        assert _forgotten(play.engine) == []


def _forgotten(engine: sa.Engine) -> list[tuple[object, object]]:
    """Give accepted documents, or parts of them, of which nothing is said anywhere, not even by a person."""
    query = (
        sa.select(REFERENCE.c.portion, DOCUMENT_ENVELOPE.c.body_sha256, ASSIGNMENT.c.request_no)
        .select_from(DOCUMENT)
        .outerjoin(REFERENCE, sa.and_(REFERENCE.c.document_id == DOCUMENT.c.id, REFERENCE.c.kind == PORTION))
        .join(DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id)
        .join(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == DOCUMENT.c.id)
        .outerjoin(
            ASSIGNMENT,
            sa.and_(ASSIGNMENT.c.document_id == DOCUMENT.c.id, ASSIGNMENT.c.portion == REFERENCE.c.portion),
        )
        .where(DOCUMENT_STATE.c.state == "accepted", DOCUMENT_ENVELOPE.c.kind.in_(INBOUND))
    )
    links = {(row["request_no"], row["body_sha256"]) for row in rows(engine, LINK)}
    replaced = {
        (row["request_no"], row["body_sha256"])
        for row in rows(engine, DOCUMENT_VERSION)
        if row["standing"] != "current"
    }
    subjects = [str(row["subject_key"]) for row in rows(engine, EXCEPTION) if row["subject"] == "document"]
    # What waits and was let be is no exception any more.
    let_be = [str(row["subject"]) for row in rows(engine, ANALYST_DECISION) if row["kind"] in ("waive", "ignore_doc")]
    return [
        (row["body_sha256"], row["portion"])
        for row in rows(engine, query)
        if (row["request_no"], row["body_sha256"]) not in links | replaced
        and not any(subject.startswith(str(row["body_sha256"])) for subject in (*subjects, *let_be))
    ]


@contextmanager
def stopped_after(engine: sa.Engine, transactions: int) -> Iterator[None]:
    """Let so many transactions begin; the next one never does, nor any other until the end."""
    begun = 0

    def begin(_: sa.Connection) -> None:
        nonlocal begun
        begun += 1
        if begun > transactions:
            raise StoppedError

    sa.event.listen(engine, "begin", begin)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", begin)


def stopping_and_resuming_changes_nothing(ledgers: Ledgers, home: Path, data: st.DataObject) -> None:
    history, answer = data.draw(histories()), data.draw(answers)
    batches = data.draw(arrivals(history))
    with a_play(ledgers, home) as whole, a_play(ledgers, home) as broken:
        expected = tell(whole, batches, own_order(whole, answer))
        own, done = own_order(broken, answer), set[int]()
        for batch in batches:
            for transactions in data.draw(st.lists(st.integers(0, 40), max_size=2)):
                with suppress(StoppedError), stopped_after(broken.engine, transactions):
                    _work(broken, batch, own, done)
            _work(broken, batch, own, done)
        assert broken.hash() == expected


def _work(play: Play, batch: Sequence[Step], own: Sequence[Callable[[sa.Connection], object]], done: set[int]) -> None:
    """Do what a batch brings, from its beginning; steps of our own that were committed are not done again."""
    for step in batch:
        # A decision that was made twice is one.
        if not isinstance(step, int):
            do(play, step, own)
        elif step not in done:
            do(play, step, own)
            done.add(step)
    play.take_in(*(step for step in batch if isinstance(step, Delivery)))
    play.exchange().recheck_waiting()
    play.exchange().settle()


LAWS = (
    (quantities_are_conserved, 15, 3),
    (no_document_ends_without_a_link_a_wait_or_an_exception, 15, 3),
    (stopping_and_resuming_changes_nothing, 15, 3),
)
"""With how many examples each is tried, on SQLite and on PostgreSQL."""


@pytest.mark.parametrize(("law", "on_sqlite", "on_postgres"), LAWS, ids=[law.__name__ for law, _, _ in LAWS])
def test_that(
    ledgers: Ledgers,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    law: Callable[[Ledgers, Path, st.DataObject], None],
    on_sqlite: int,
    on_postgres: int,
) -> None:
    # Units of work so small that there is much between them.
    monkeypatch.setattr(exchange_module, "_BATCH", 3)
    is_sqlite = ledgers.kind == "sqlite"
    effort = long_examples(on_sqlite if is_sqlite else on_postgres, nightly=500 if is_sqlite else 100)

    @effort
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        law(ledgers, home, data)

    holds()


def test_a_history_holds_a_dozen_documents_and_more() -> None:
    @long_examples(25, nightly=1000)
    @given(history=histories())
    def holds(history: list[Step]) -> None:
        assert sum(isinstance(step, Delivery) for step in history) >= 12

    holds()
