"""The product, broken: one mechanism at a time, each where it has its entry. Which lines that touches: `named_lines`.

A repeated document meets four walls, one behind the other: its bytes are known, its payloadID is taken, its content is
a statement already made, and its business number has a version that stands. A hole in one of them changes nothing; so
`counting_every_delivery` takes all four away. A mechanism's own wall is told by what only it can know: the payloadID
by two contents under one payloadID, the business number by two contents under one shipmentID.
"""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from cxml_parsers import clock
from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import bodies
from punchout.ledger.documents import identity, judging
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


def counting_every_delivery(patch: pytest.MonkeyPatch) -> None:
    """Take every file for a document and a statement of its own; references from version to version still hold."""
    numbers, digest, enter, envelope = count(1), bodies.sha256, identity.clashes, judging.envelope_row
    repeats = {Code.DOC_DUPLICATE, Code.INV_DUPLICATE}

    def own_digest(data: bytes) -> str:
        return digest(data + str(next(numbers)).encode() if b"<cXML" in data else data)

    def contradictions(connection: sa.Connection, claims: Any) -> dict[int, identity.Clash]:  # noqa: ANN401 - as it comes
        return {key: one for key, one in enter(connection, claims).items() if one.code not in repeats}

    def own_content(document_id: int, parsed: Parsed) -> dict[str, Any]:
        return envelope(document_id, replace(parsed, body_sha256=f"{parsed.body_sha256}-{document_id}"))

    patch.setattr("punchout.ledger.documents.receive.sha256", own_digest)
    patch.setattr("punchout.ledger.documents.judging.clashes", contradictions)
    patch.setattr(judging, "envelope_row", own_content)
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

    patch.setattr("punchout.ledger.documents.judging.read", header_only)


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
