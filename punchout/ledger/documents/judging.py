"""What a cXML document is judged to be, and the facts and references that an accepted one leaves.

What the bytes say is read in `cxml_parsers`; whether the document may count (whose it is, which environment, seen
before) is decided here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cxml_parsers.dtds import with_findings
from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import document_exceptions
from punchout.ledger.documents.identity import Claim, clashes
from punchout.ledger.documents.receive import CART
from punchout.ledger.documents.returned_carts import Brought, of_no_session, turned_away
from punchout.ledger.documents.verdicts import Pending, Verdict, write_verdicts
from punchout.ledger.fact_rows import CXML_KINDS, CXML_TREES, Rows, add_rows, insert_rows
from punchout.ledger.resolving.references import LONGEST_IDENTIFIER, is_overlong, references_of
from punchout.ledger.resolving.resolve import repeated
from punchout.ledger.sql import insert_all, insert_new
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE, REFERENCE
from punchout.model.codes import Code
from punchout.model.documents import Response
from punchout.model.keys import Account
from punchout.model.order_documents import OrderRequest
from punchout.model.parsed import Parsed
from punchout.model.values import Credential


@dataclass(frozen=True, slots=True)
class AcceptanceRules:
    """What a document must say to count.

    Attributes:
        environment: the deploymentMode that is processed here: production or test.
        senders: the identities accepted in From; any of a document's credentials may match. Empty accepts all.
        own: our identities: those of the sender of an OrderRequest, which only ever goes to the supplier.
        naive_zone: the zone of times without an offset.
        max_bytes: the largest document that is read.
        dtd_dir: the folder of the DTDs whose findings become notes; None holds no document against them.
    """

    environment: str
    senders: tuple[Credential, ...] = ()
    own: tuple[Credential, ...] = ()
    naive_zone: tzinfo = UTC
    max_bytes: int = 20 * 1024 * 1024
    dtd_dir: Path | None = None


def judge(connection: sa.Connection, waiting: Sequence[Pending], rules: AcceptanceRules) -> list[Verdict]:
    """Read claimed documents, keep their facts, and set their state; returns what became of each, in their order."""
    reading = ReadingRules(max_bytes=rules.max_bytes, naive_zone=rules.naive_zone, kinds=CXML_KINDS)
    parsed = {
        document.document_id: with_findings(read(document.data, reading), document.data, rules.dtd_dir, rules.max_bytes)
        for document in waiting
    }
    refused = {i: verdict for i, p in parsed.items() if (verdict := _refusal(i, p, rules)) is not None}
    brought = [_brought(document, parsed) for document in waiting if document.document_id not in refused]
    refused |= {i: Verdict(i, "quarantined", *reason) for i, reason in of_no_session(connection, brought).items()}
    found = clashes(
        connection,
        [_claim(document, parsed[document.document_id]) for document in waiting if document.document_id not in refused],
    )
    verdicts = []
    for document in waiting:
        clash = found.get(document.document_id)
        verdicts.append(refused.get(document.document_id) or _verdict(document.document_id, clash))
    verdicts = _of_open_sessions(connection, waiting, parsed, verdicts)
    _write_facts(
        connection, waiting, parsed, {verdict.document_id for verdict in verdicts if verdict.state == "accepted"}
    )
    write_verdicts(connection, verdicts)
    repeated(connection, {one.duplicate_of for one in verdicts if one.state == "duplicate" and one.duplicate_of})
    document_exceptions.quarantined(connection, waiting, verdicts)
    return verdicts


def _refusal(document_id: int, parsed: Parsed, rules: AcceptanceRules) -> Verdict | None:
    if parsed.reason is not None:
        return Verdict(document_id, "quarantined", parsed.reason, parsed.where, parsed.detail)
    if isinstance(parsed.body, Response):
        return _overlong(document_id, parsed)
    envelope = parsed.envelope
    # cXML: deploymentMode defaults to production.
    if (envelope.deployment_mode or "production") != rules.environment:
        detail = (
            f"deploymentMode is {envelope.deployment_mode or 'production (the default)'}, expected {rules.environment}"
        )
        return Verdict(document_id, "quarantined", Code.ENV_MISMATCH, "/cXML/*/@deploymentMode", detail)
    accepted = rules.own if isinstance(parsed.body, OrderRequest) else rules.senders
    is_known = any(known.same_as(stated) for known in accepted for stated in envelope.sent_from)
    if rules.senders and not is_known:
        return Verdict(
            document_id, "quarantined", Code.AUTH_FAILED, "/cXML/Header/From", "no accepted identity in From"
        )
    return _overlong(document_id, parsed)


def _overlong(document_id: int, parsed: Parsed) -> Verdict | None:
    """Refuse a document with an identifier by which nothing could be found."""
    references = references_of(parsed.body) if parsed.body is not None else set()
    stated = {("payloadID", parsed.envelope.payload_id), *((kind, value) for _, kind, value in references)}
    overlong = sorted(kind for kind, value in stated if is_overlong(value))
    if not overlong:
        return None
    detail = f"an identifier is longer than {LONGEST_IDENTIFIER} bytes: {', '.join(overlong)}"
    return Verdict(document_id, "quarantined", Code.STRUCT_INVALID, "/cXML", detail)


def _claim(document: Pending, parsed: Parsed) -> Claim:
    if parsed.body is None or parsed.body_sha256 is None:
        message = f"document {document.document_id} was accepted without a body"
        raise RuntimeError(message)
    return Claim(document.document_id, document.account, parsed.envelope.payload_id, parsed.body, parsed.body_sha256)


def _verdict(document_id: int, clash: Any) -> Verdict:  # noqa: ANN401 - Clash or None
    if clash is None:
        return Verdict(document_id, "accepted")
    is_duplicate = clash.code in (Code.DOC_DUPLICATE, Code.INV_DUPLICATE)
    detail = f"{'repeats' if is_duplicate else 'contradicts'} document {clash.holder}"
    return Verdict(document_id, "duplicate" if is_duplicate else "quarantined", clash.code, None, detail, clash.holder)


def _of_open_sessions(
    connection: sa.Connection, waiting: Sequence[Pending], parsed: dict[int, Parsed], verdicts: Sequence[Verdict]
) -> list[Verdict]:
    """Take back the acceptance of carts that come after another of their request."""
    accepted = {verdict.document_id for verdict in verdicts if verdict.state == "accepted"}
    turned = turned_away(connection, [_brought(one, parsed) for one in waiting if one.document_id in accepted])
    return [
        Verdict(one.document_id, "quarantined", *turned[one.document_id]) if one.document_id in turned else one
        for one in verdicts
    ]


def _brought(document: Pending, parsed: dict[int, Parsed]) -> Brought:
    by_browser, body = document.content == CART, parsed[document.document_id].body
    return Brought(document.document_id, document.account, document.received_sha256, by_browser, body)


def _write_facts(
    connection: sa.Connection, waiting: Sequence[Pending], parsed: dict[int, Parsed], accepted: set[int]
) -> None:
    rows: Rows = {}
    references: list[dict[str, Any]] = []
    for document in waiting:
        body = parsed[document.document_id].body
        if document.document_id not in accepted or body is None:
            continue
        add_rows(rows, CXML_TREES[type(body)], (document.document_id,), body)
        references.extend(reference_rows(document.document_id, document.account, references_of(body)))
    insert_rows(connection, rows)
    insert_all(connection, REFERENCE, references)
    envelopes = [envelope_row(i, p) for i, p in parsed.items() if p.envelope.kind is not None]
    insert_new(connection, DOCUMENT_ENVELOPE, envelopes)


def reference_rows(document_id: int, account: Account, references: set[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """Return the rows of a document's references."""
    return [
        {
            "document_id": document_id,
            "portion": portion,
            "kind": kind,
            "value": value,
            "company": account.company,
            "supplier": account.supplier,
        }
        for portion, kind, value in sorted(references)
    ]


def envelope_row(document_id: int, parsed: Parsed) -> dict[str, Any]:
    """Return the row of a document's envelope."""
    stamp = parsed.envelope.timestamp
    notes = [[note.code, note.where, note.detail] for note in parsed.notes]
    return {
        "document_id": document_id,
        "kind": parsed.envelope.kind,
        "payload_id": None if is_overlong(parsed.envelope.payload_id) else parsed.envelope.payload_id,
        "timestamp_text": stamp.text if stamp else None,
        "timestamp": stamp.utc if stamp else None,
        "body_sha256": parsed.body_sha256,
        "notes": json.dumps(notes, ensure_ascii=False) if notes else None,
        "unread": json.dumps(parsed.unread, ensure_ascii=False) if parsed.unread else None,
    }
