"""Whether the latest export of Business Central can be trusted, judged before it is imported; the verdict is a gate.

The gate is a row of the ledger that ordering and sending read, so that no door leads round it. It is written before
the import, in an order that a crash cannot turn around: an export that was not judged was not imported either. Rules
are `quality_rules`, evaluated by `expectations`; beside them stands the one that the export can be read at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from punchout.ledger import switches
from punchout.ledger.engine import reading
from punchout.ledger.export_history import WaitingExport, last_full_row_count, waiting_exports
from punchout.ledger.import_exports import StoredParts
from punchout.model.codes import Code
from punchout.model.moments import Micros, parse_moment
from punchout.model.unreadable import Refused, Unreadable
from resources.business_central.columns import ContentName
from resources.business_central.errors import ExportInvalid
from resources.business_central.exports import read_export
from resources.business_central.frames import received_frame
from resources.business_central.json_tables import load_object
from resources.exchange import Exchange
from resources.expectations import Expectations, Outcome
from resources.quality_rules import Rule, export_rules

if TYPE_CHECKING:
    import pandas as pd

_NOUNS: Mapping[ContentName, str] = {"bc_requests": "request", "bc_orders": "purchase_order"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one check.

    Attributes:
        name: of the check; reads as a fact.
        code: the reason code of a failure.
        unexpected_count: how many rows break it, where it speaks of rows.
        observed: the number it measured, where it measures one.
        error: why it failed, where a number does not say it.
    """

    name: str
    passed: bool
    code: Code
    unexpected_count: int | None = None
    observed: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportVerdict:
    """What the checks of one content found.

    Attributes:
        waiting: how many exports wait to be imported.
        document_id: of the one that was judged, None where none waits: then every check passes and the gate stays.
        findings: one a check, in the order of `check_names`.
        shut: the account's gates that are shut now, with the reason.
    """

    waiting: int
    document_id: int | None
    findings: tuple[Finding, ...]
    shut: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The latest waiting export, taken apart as far as it goes."""

    document_id: int
    frame: "pd.DataFrame"
    refusal: Refused | None
    previous_rows: int | None


def check_names(content: ContentName) -> dict[str, str]:
    """Return the name of each check of one content, with its description."""
    readable = {acceptance_check(content): "The export fits the exchange format and can be applied."}
    return readable | {rule.name: rule.description for rule in export_rules(content)}


def acceptance_check(content: ContentName) -> str:
    """Return the name of the check that an export can be read at all."""
    return f"{_NOUNS[content]}_export_can_be_read"


def check_waiting_export(exchange: Exchange, expectations: Expectations, content: ContentName) -> ImportVerdict:
    """Judge the latest waiting export of one content and open or shut the gate of that content.

    Where several wait, the latest decides alone: by the time it states, and by receipt where it states none. Costs
    nothing where none waits.
    """
    with reading(exchange.engine) as connection:
        waiting, latest = _latest(waiting_exports(connection, exchange.account, content))
        judged = None if latest is None else _judge(connection, exchange, content, latest)
    if judged is None:
        names = check_names(content)
        findings = tuple(Finding(name=name, passed=True, code=Code.EXPORT_INVALID) for name in names)
    else:
        findings = _findings(content, judged, expectations, exchange.settings.quality.snapshot_shrink_percent)
    failures = {finding.name: _why(finding) for finding in findings if not finding.passed}
    with exchange.engine.begin() as connection:
        if judged is not None:
            switches.set_gate(connection, exchange.account, content, failures, exchange.as_of)
        shut = switches.shut_gates(connection, exchange.account)
    return ImportVerdict(
        waiting=waiting, document_id=None if judged is None else judged.document_id, findings=findings, shut=shut
    )


def _latest(waiting: Iterable[WaitingExport]) -> tuple[int, WaitingExport | None]:
    count, latest, latest_at = 0, None, None
    for export in waiting:
        count += 1
        stated_at = _exported_at(export.data)
        is_older = latest_at is not None and stated_at is not None and stated_at < latest_at
        if not is_older:
            latest, latest_at = export, stated_at
    return count, latest


def _envelope(data: bytes) -> Mapping[str, object]:
    try:
        return load_object(data)
    except ExportInvalid:
        return {}


def _exported_at(data: bytes) -> Micros | None:
    try:
        return parse_moment(str(_envelope(data).get("exportedAt"))).utc
    except Unreadable:
        return None


def _judge(connection: sa.Connection, exchange: Exchange, content: ContentName, export: WaitingExport) -> _Judged:
    parts = StoredParts(connection, exchange.account)
    refusal = None
    try:
        read_export(content, export.data, parts)
    except Refused as refused:
        refusal = refused
    is_full = _envelope(export.data).get("scope") == "full"
    previous = last_full_row_count(connection, exchange.account, content) if is_full else None
    return _Judged(export.document_id, received_frame(content, export.data, parts), refusal, previous)


def _findings(
    content: ContentName, judged: _Judged, expectations: Expectations, largest_shrink_percent: int
) -> tuple[Finding, ...]:
    rules: tuple[Rule, ...] = export_rules(
        content, previous_rows=judged.previous_rows, largest_shrink_percent=largest_shrink_percent
    )
    refusal = judged.refusal
    readable = Finding(
        name=acceptance_check(content),
        passed=refusal is None,
        code=Code.EXPORT_INVALID,
        error=None if refusal is None else f"{refusal.where}: {refusal.detail}",
    )
    return (readable, *(_finding(outcome) for outcome in expectations.validate(content, rules, judged.frame)))


def _finding(outcome: Outcome) -> Finding:
    return Finding(
        name=outcome.rule.name,
        passed=outcome.success,
        code=outcome.rule.code,
        unexpected_count=outcome.unexpected_count,
        observed=outcome.observed,
        error=outcome.error,
    )


def _why(finding: Finding) -> str:
    if finding.error is not None:
        return finding.error
    if finding.unexpected_count is not None:
        return f"{finding.unexpected_count} rows"
    return f"observed {finding.observed}"
