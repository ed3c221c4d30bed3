"""The oracle bites: a product with one mechanism broken differs on the requests whose scenario needs it, and no other.

The product is broken where the mechanism has its entry. A repeated document meets four walls, one behind the other: its
bytes are known, its payloadID is taken, its content is a statement already made, and its business number has a version
that stands. A hole in one of them changes nothing; so the first mistake below takes all four away. A mechanism's own
wall is told by what only it can know: the payloadID by two contents under one payloadID, the business number by two
contents under one shipmentID.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cxml_parsers import clock
from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import bodies, identity, parse
from punchout.model import adoption
from punchout.model.codes import Code
from punchout.model.documents import Confirmation, Invoice, InvoiceLine
from punchout.model.exact import Millionths
from punchout.model.order_documents import OrderRequest
from punchout.model.parsed import Parsed
from punchout.reconciliation import assessment, confirming, invoicing, placement, versions
from punchout.reconciliation.line_map import LineMap, line_map
from punchout.reconciliation.rows import Rows
from punchout.reconciliation.statements import Statement
from punchout.sandbox import plan
from punchout.sandbox.casting import full
from punchout.sandbox.fold import said
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Request, Script
from punchout.sandbox.recasting import sent_by_business_central
from punchout.sandbox.repertoire import ROUNDS
from tests.support.sandbox_plays import SEED, play

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

Break = Callable[[pytest.MonkeyPatch], None]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mechanism that is broken.

    Attributes:
        scenarios: those that need it. Of each at least one request differs.
        accident: where the scenario does not say it, the accident that a request must have met.
        lines: where not every line of a request need differ, those that must; all others must not.
        sent_by: who sends the orders.
        elsewhere: what differs beside requests: how many documents are quarantined, which orders were sent.
        marks: pytest's.
    """

    name: str
    breaks: Break
    scenarios: set[str]
    accident: str | None = None
    lines: Callable[[Request], set[int]] | None = None
    sent_by: str = "pipeline"
    elsewhere: set[str] = field(default_factory=set)
    marks: tuple[pytest.MarkDecorator, ...] = ()


def counting_every_delivery(patch: pytest.MonkeyPatch) -> None:
    """Take every file for a document and a statement of its own; references from version to version still hold."""
    numbers, digest, enter, envelope = count(1), bodies.sha256, identity.clashes, parse.envelope_row
    repeats = {Code.DOC_DUPLICATE, Code.INV_DUPLICATE}

    def own_digest(data: bytes) -> str:
        return digest(data + str(next(numbers)).encode() if b"<cXML" in data else data)

    def contradictions(connection: sa.Connection, claims: Any) -> dict[int, identity.Clash]:  # noqa: ANN401 - as it comes
        return {key: one for key, one in enter(connection, claims).items() if one.code not in repeats}

    def own_content(document_id: int, parsed: Parsed) -> dict[str, Any]:
        return envelope(document_id, replace(parsed, body_sha256=f"{parsed.body_sha256}-{document_id}"))

    patch.setattr("punchout.ledger.receive.sha256", own_digest)
    patch.setattr("punchout.ledger.parse.clashes", contradictions)
    patch.setattr(parse, "envelope_row", own_content)
    for kind in ("_CONFIRMATION", "_SHIP_NOTICE", "_INVOICE"):
        patch.setattr(versions, kind, replace(getattr(versions, kind), business_key=lambda _: None))


def forgetting_payload_ids(patch: pytest.MonkeyPatch) -> None:
    """Let a second document under a payloadID count as if it had another."""
    enter = identity._enter

    def without_payload(connection: sa.Connection, wanted: Any) -> dict[int, identity.Clash]:  # noqa: ANN401
        return enter(connection, [claim for claim in wanted if claim[1] != "payload"])

    patch.setattr(identity, "_enter", without_payload)


def reading_offsets_as_stated(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clock, "_is_suspect", lambda *_: False)


def forgetting_rejections(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(confirming.DECIDES, "reject")


def reading_the_header_alone(patch: pytest.MonkeyPatch) -> None:
    """Take every status for the confirmID of the header, whatever its own comment says."""

    def header_only(data: bytes, rules: ReadingRules) -> Parsed:
        parsed = read(data, rules)
        if not isinstance(parsed.body, Confirmation):
            return parsed
        items = tuple(
            replace(item, statuses=tuple(replace(status, confirm_id=None) for status in item.statuses))
            for item in parsed.body.items
        )
        return replace(parsed, body=replace(parsed.body, items=items))

    patch.setattr("punchout.ledger.parse.read", header_only)


def adding_credits(patch: pytest.MonkeyPatch) -> None:
    def unsigned(_: Invoice, item: InvoiceLine) -> Millionths:
        return abs(item.quantity.value)

    patch.setattr(invoicing, "signed_quantity", unsigned)


def forgetting_the_cutover(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adoption, "_released_before", lambda *_: False)


def letting_the_last_to_arrive_stand(patch: pytest.MonkeyPatch) -> None:
    """Order versions by receipt, and look neither at what they refer to nor at their time."""

    def by_arrival(_: object, one: Statement[Any], __: object) -> versions.Order:
        return 0, ("", 0), 0, f"{one.document_id:012}"

    patch.setattr(versions, "_order", by_arrival)
    patch.setattr(versions, "_replaced_by_reference", lambda *_: {})


def counting_every_ship_notice(patch: pytest.MonkeyPatch) -> None:
    """Take every ship notice for a shipment of its own, whatever its shipmentID and what it refers to."""
    kind = versions._SHIP_NOTICE
    patch.setattr(versions, "_SHIP_NOTICE", replace(kind, business_key=lambda _: None, previous=lambda _: None))


def forgetting_business_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(identity, "business_key", lambda *_: None)


def deaf_to_status_updates(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(placement, "_last_words", lambda _: {})


def numbering_by_the_purchase_order(patch: pytest.MonkeyPatch) -> None:
    """Take every order for one that lists its purchase order's lines, whatever its copy says."""

    def in_order(rows: Rows, _: OrderRequest) -> LineMap:
        return line_map(rows, None, placed_elsewhere=True)

    patch.setattr(assessment, "copied_line_map", in_order)


def rejected_lines(request: Request) -> set[int]:
    """Give the lines that are rejected in any round; what comes after its replacement never stands."""
    stood = [one for at in range(1, len(ROUNDS) + 1) for one in said(request, at) if isinstance(one, plan.Confirmation)]
    return {status.line for one in stood for status in one.statuses if status.kind == "reject"}


def credited_lines(request: Request) -> set[int]:
    bills = [one for one in request.documents if isinstance(one, plan.Invoice)]
    return {line for one in bills for line, quantity in one.items if quantity < 0}


MISTAKES = (
    Mistake(
        name="dedupe",
        breaks=counting_every_delivery,
        scenarios={"duplicate", "re-serialised duplicate"},
    ),
    Mistake(
        name="payloadID",
        breaks=forgetting_payload_ids,
        scenarios={"plain"},
        accident="forged",
        elsewhere={QUARANTINED},
    ),
    Mistake(
        name="offset repair",
        breaks=reading_offsets_as_stated,
        scenarios={"bogus offsets"},
        # An offset beyond 14 hours cannot be read as stated.
        elsewhere={QUARANTINED},
    ),
    Mistake(name="rejections", breaks=forgetting_rejections, scenarios=REJECTING, lines=rejected_lines),
    Mistake(name="split", breaks=reading_the_header_alone, scenarios={"two Amazon orders"}, lines=lambda _: set()),
    Mistake(
        name="credit sign",
        breaks=adding_credits,
        scenarios={"credit memo", "credit line in an invoice"},
        lines=credited_lines,
    ),
    Mistake(name="cut-over", breaks=forgetting_the_cutover, scenarios={"before cut-over"}, elsewhere={ORDERS}),
    Mistake(
        name="version order",
        breaks=letting_the_last_to_arrive_stand,
        scenarios={"update before what it replaces"},
    ),
    Mistake(
        name="shipment twice",
        breaks=counting_every_ship_notice,
        scenarios={"ship notice updated", "ship notice deleted", "update before what it replaces"},
    ),
    Mistake(
        name="shipmentID",
        breaks=forgetting_business_numbers,
        scenarios={"conflict"},
        elsewhere={QUARANTINED},
    ),
    Mistake(
        name="status updates",
        breaks=deaf_to_status_updates,
        scenarios={"refused later", "in doubt until confirmed"},
        lines=lambda _: set(),
        sent_by="bc",
    ),
)


def cast(sent_by: str) -> Script:
    crowd = full(Identifiers(SEED))
    return crowd if sent_by == "pipeline" else sent_by_business_central(crowd)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("sent_by", ["pipeline", "bc"])
def test_the_whole_product_agrees_with_the_oracle(tmp_path: Path, sent_by: str) -> None:
    played = play(tmp_path / "home", sent_by=sent_by)
    assert played.differences == []
    assert played.scenarios == {request.number: request.about for request in cast(sent_by).requests}
    assert played.compared > 100_000
    assert played.expected_keys == played.shown_keys
    assert sum(line is None for _, line in played.shown_keys) >= 200
    assert sum(line is not None for _, line in played.shown_keys) >= 400


@pytest.mark.timeout(240)
@pytest.mark.parametrize("mistake", [pytest.param(one, id=one.name, marks=one.marks) for one in MISTAKES])
def test_a_mistake_shows_in_its_scenarios_and_in_no_other(
    mistake: Mistake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake.breaks(monkeypatch)
    played, crowd = play(tmp_path / "home", sent_by=mistake.sent_by), cast(mistake.sent_by)
    different = played.requests()
    assert {played.scenarios[request] for request in different} == mistake.scenarios
    assert played.elsewhere() == mistake.elsewhere
    if mistake.accident is not None:
        met = {one.of[0] for one in crowd.accidents if one.kind == mistake.accident and one.of is not None}
        assert different == met
    if mistake.lines is not None:
        wanted = {(one.number, line) for one in crowd.requests for line in mistake.lines(one)}
        assert played.lines() == wanted


@pytest.mark.timeout(240)
def test_lines_taken_in_the_order_of_the_purchase_order_show_where_an_order_numbers_them_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbering_by_the_purchase_order(monkeypatch)
    different = play(tmp_path / "home", sent_by="bc").requests()
    turned = {one.number for one in cast("bc").requests if one.numbering != "order" or one.cancelled is not None}
    assert different <= turned
    assert len(different) > len(turned) / 2
