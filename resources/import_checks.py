"""Whether the latest export of Business Central can be trusted, judged before it is imported; the verdict is a gate.

The gate is a row of the ledger that ordering and sending read, so that no door leads round it. It is written before
the import, in an order that a crash cannot turn around: an export that was not judged was not imported either. Rules
are `quality_rules`, evaluated by `expectations`; beside them stands the one that the export can be read at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from punchout.ledger.business_central.export_history import WaitingExport, last_full_row_count, waiting_exports
from punchout.ledger.business_central.import_exports import StoredParts
from punchout.ledger.engine import reading
from punchout.ledger.sending import switches
from punchout.ledger.sending.switches import Snapshots
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
    """A waiting export, taken apart as far as it goes; `previous_rows` is what a full one is compared with."""

    document_id: int
    frame: "pd.DataFrame"
    refusal: Refused | None
    previous_rows: int | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """How many exports wait, the latest of them, and the latest full one."""

    count: int
    latest: WaitingExport | None
    latest_full: WaitingExport | None


def check_names(content: ContentName) -> dict[str, str]:
    """Return the name of each check of one content, with its description."""
    readable = {acceptance_check(content): "The export fits the exchange format and can be applied."}
    return readable | {rule.name: rule.description for rule in export_rules(content)}


def acceptance_check(content: ContentName) -> str:
    """Return the name of the check that an export can be read at all."""
    return f"{_NOUNS[content]}_export_can_be_read"


def check_waiting_export(exchange: Exchange, expectations: Expectations, content: ContentName) -> ImportVerdict:
    """Judge the latest waiting export of one content and open or shut the gate of that content.

    Where several wait, the latest decides: by the time it states, and by receipt where it states none. Whether rows
    have vanished is decided by the latest full one; once they have, no export opens the gate but a full one that has
    them again, nor does the same small one when it repeats. Costs nothing where none waits.
    """
    with reading(exchange.engine) as connection:
        waiting = _look(waiting_exports(connection, exchange.account, content))
        before = switches.snapshots(connection, exchange.account, content)
        judged, full = (
            None if export is None else _judge(connection, exchange, content, export, before)
            for export in (waiting.latest, waiting.latest_full)
        )
    if judged is None:
        names = check_names(content)
        findings = tuple(Finding(name=name, passed=True, code=Code.EXPORT_INVALID) for name in names)
        after = before
    else:
        shrink = exchange.settings.quality.snapshot_shrink_percent
        findings = _findings(content, judged, expectations, shrink)
        is_same = full is None or full.document_id == judged.document_id
        of_full = findings if is_same or full is None else _findings(content, full, expectations, shrink)
        findings, after = _with_snapshots(findings, of_full, full, before)
    failures = {finding.name: _why(finding) for finding in findings if not finding.passed}
    with exchange.engine.begin() as connection:
        if judged is not None:
            switches.set_gate(connection, exchange.account, content, failures, exchange.as_of, after)
        shut = switches.shut_gates(connection, exchange.account)
    return ImportVerdict(
        waiting=waiting.count, document_id=None if judged is None else judged.document_id, findings=findings, shut=shut
    )


def _with_snapshots(
    findings: tuple[Finding, ...], of_full: tuple[Finding, ...], full: _Judged | None, before: Snapshots
) -> tuple[tuple[Finding, ...], Snapshots]:
    """Put in what is known of vanished rows: by the full export that waits, else by those that came before it."""
    if full is not None and full.refusal is None:
        (counted,) = (finding for finding in of_full if finding.code is Code.SNAPSHOT_REGRESSION)
        after = Snapshots(len(full.frame) if counted.passed else full.previous_rows, not counted.passed)
    else:
        after = before
        (counted,) = (finding for finding in findings if finding.code is Code.SNAPSHOT_REGRESSION)
        if before.has_collapsed:
            why = f"an earlier full export had much less than {before.sound_rows} rows; no full one has come since"
            counted = replace(counted, passed=False, error=why)
    return tuple(counted if one.code is Code.SNAPSHOT_REGRESSION else one for one in findings), after


def _look(waiting: Iterable[WaitingExport]) -> _Waiting:
    count, latest, latest_full = 0, None, None
    for export in waiting:
        count += 1
        if latest is None or not _is_older(export, latest):
            latest = export
        if _is_full(export) and (latest_full is None or not _is_older(export, latest_full)):
            latest_full = export
    return _Waiting(count, latest, latest_full)


def _is_older(one: WaitingExport, other: WaitingExport) -> bool:
    at, other_at = _exported_at(one.data), _exported_at(other.data)
    return at is not None and other_at is not None and at < other_at


def _is_full(export: WaitingExport) -> bool:
    return _envelope(export.data).get("scope") == "full"


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


def _judge(
    connection: sa.Connection, exchange: Exchange, content: ContentName, export: WaitingExport, before: Snapshots
) -> _Judged:
    parts = StoredParts(connection, exchange.account)
    refusal = None
    try:
        read_export(content, export.data, parts)
    except Refused as refused:
        refusal = refused
    previous = None
    if _is_full(export):
        known = before.sound_rows
        previous = last_full_row_count(connection, exchange.account, content) if known is None else known
    frame = received_frame(content, export.data, parts)
    return _Judged(export.document_id, frame, refusal, previous)


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
