"""`punchout sync`: one batch as a recorded Dagster run. The only module that reaches `pipelines`, inside a function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from punchout.cli.config import check_needed
from punchout.cli.console import draw, emit, facts, numbered, say
from punchout.cli.errors import Exit
from punchout.cli.opening import AsJson, AsOf, DryRun, instant, settings, to_write

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.running import SyncOutcome
    from punchout.model.moments import Micros
    from resources.settings import Settings


@dataclass(frozen=True, slots=True)
class Troubles:
    """What needs a person after a sync.

    Attributes:
        quarantined: documents refused in it.
        in_doubt: orders in doubt, whenever that came about.
        stopped: why nothing is sent until a named person says otherwise; None where that is not so.
    """

    quarantined: Sequence[Mapping[str, Any]]
    in_doubt: Sequence[str]
    stopped: str | None = None


def sync(*, as_of: AsOf = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Take in what has come, reconcile it, send what is ready, and tell Business Central."""
    configured, moment = settings(), instant(as_of)
    # Before a ledger is made and Dagster imported, so that it is said at once.
    check_needed(configured)
    if dry_run:
        _foretell(configured, moment, as_json=as_json)
        return
    before = _quarantined(configured)
    outcome = synced(configured, moment)
    troubles = _troubles(configured, set(before))
    if as_json:
        emit(_as_json(outcome, troubles))
    else:
        draw(facts((("run", outcome.run_id), *_flat(outcome.counts), ("report", outcome.report))))
    say(*_words(outcome, troubles))
    raise typer.Exit(_code(outcome, troubles))


def synced(configured: "Settings", as_of: "Micros | None") -> "SyncOutcome":
    """Run one sync in this process, recorded by Dagster.

    Raises:
        ConfigurationError: something that every sync needs is not set; nothing was done.
        ClockRanBackwardsError: `as_of` lies before the last sync; nothing was done.
    """
    from pipelines.running import run_sync

    return run_sync(configured, as_of)


def _foretell(configured: "Settings", as_of: "Micros | None", *, as_json: bool) -> None:
    from punchout.cli.sync_plan import sync_plan

    plan = sync_plan(configured, as_of)
    if as_json:
        emit(plan)
    else:
        found = {f"in feed {name}": "not looked into" if n is None else n for name, n in plan["feeds"].items()}
        draw(facts((found | (plan["ledger"] or {"ledger": "would be made"})).items()))
    say("Would take this in, reconcile what it touches, send what is ready, and tell Business Central.")


def _quarantined(configured: "Settings") -> dict[int, Mapping[str, Any]]:
    from punchout.cli.quarantine import as_plain
    from punchout.ledger.documents.quarantine import listed

    with to_write(configured) as engine, _read(engine) as connection:
        return {document.document_id: as_plain(document) for document in listed(connection)}


def _troubles(configured: "Settings", before: set[int]) -> Troubles:
    from punchout.ledger.sending.outbox import orders

    now = _quarantined(configured)
    with to_write(configured) as engine, _read(engine) as connection:
        doubtful = [order.order_id for order in orders(connection, state="in_doubt")]
    # In a picture of its own, not older than what it is compared with.
    with to_write(configured) as engine, _read(engine) as connection:
        stopped = _stopped(configured, connection)
    return Troubles([document for number, document in now.items() if number not in before], doubtful, stopped)


def _stopped(configured: "Settings", connection: "sa.Connection") -> str | None:
    """Say why nothing is sent from here at all; where Business Central sends the orders, nothing ever is."""
    from punchout.ledger.sending import conformance, epochs
    from resources.policies import account, epoch_note

    if configured.orders.sent_by != "pipeline":
        return None
    older = epochs.older_than_noted(connection, epoch_note(configured))
    if older is not None:
        return (
            f"{older}; look at the supplier for what waits, then `punchout outbox release --channel orders --by NAME`"
        )
    if configured.supplier.dedupes_payload_id and not conformance.is_shown(connection, account(configured)):
        return "supplier.dedupes_payload_id is set without a recorded check; see `punchout doctor`"
    return None


def _read(engine: "sa.Engine") -> Any:  # noqa: ANN401 - a context manager of a connection
    from punchout.ledger.engine import reading

    return reading(engine)


def _words(outcome: "SyncOutcome", troubles: Troubles) -> list[str]:
    lines = []
    if not outcome.success:
        reason = outcome.failure or "Dagster has the reason"
        lines += [f"The run {outcome.run_id} failed:", *(f"  {line}" for line in reason.split("\n"))]
    if outcome.failed_checks:
        lines.append(
            f"Checks that failed: {', '.join(outcome.failed_checks)}; no order is made until an import passes."
        )
    lines += _left_over(outcome.counts)
    if troubles.quarantined:
        lines.append(f"{numbered(len(troubles.quarantined), 'document')} newly refused:")
    lines.extend(f"  {_refused(document)}" for document in troubles.quarantined)
    if troubles.in_doubt:
        lines.append(f"{numbered(len(troubles.in_doubt), 'order')} in doubt, not to be sent again:")
    lines.extend(
        f"  {order}: look for it at the supplier, then "
        f"`punchout outbox resolve {order} --sent|--not-received --evidence TEXT`"
        for order in troubles.in_doubt
    )
    if troubles.stopped is not None:
        lines.append(f"Nothing is sent: {troubles.stopped}.")
    return lines


def _left_over(counts: Mapping[str, Any]) -> list[str]:
    """Say what did not move: files that cannot be taken, and orders that something holds back."""
    lines = []
    if counts.get("documents_oversize"):
        number = numbered(counts["documents_oversize"], "file")
        lines.append(f"{number} left in the inbox: much larger than documents.max_bytes.")
    if counts.get("documents_left"):
        lines.append(f"{numbered(counts['documents_left'], 'file')} left in the inbox for the next sync.")
    if counts.get("documents_kept"):
        number = numbered(counts["documents_kept"], "file")
        lines.append(f"{number} taken in and not removed: the next sync sees them again, as duplicates.")
    if counts.get("feeds_unavailable"):
        lines.append(f"Feeds that cannot be reached: {', '.join(sorted(counts['feeds_unavailable']))}.")
    held: Mapping[str, int] = counts.get("held_back") or {}
    lines.extend(
        f"{numbered(count, 'order')} held back: {reason}. See `punchout outbox ls`." for reason, count in held.items()
    )
    return lines


def _refused(document: Mapping[str, Any]) -> str:
    where = f" at {document['place']}" if document["place"] else ""
    detail = f": {document['detail']}" if document["detail"] else ""
    return (
        f"{document['document_id']} {', '.join(document['names'])}: {document['reason']}{where}{detail}. "
        f"{document['action']} See `punchout quarantine show {document['document_id']}`."
    )


def _code(outcome: "SyncOutcome", troubles: Troubles) -> Exit:
    """Return what is most urgent.

    A failed run, a doubt about money, that nothing is sent, a refused document, a feed out of reach.
    """
    if not outcome.success:
        return Exit.FAILED
    if troubles.in_doubt:
        return Exit.IN_DOUBT
    if troubles.stopped is not None:
        return Exit.CONFIGURATION
    if troubles.quarantined:
        return Exit.QUARANTINED
    return Exit.UNAVAILABLE if outcome.counts.get("feeds_unavailable") else Exit.DONE


def _as_json(outcome: "SyncOutcome", troubles: Troubles) -> dict[str, Any]:
    from punchout.model.moments import iso_utc

    return {
        "run_id": outcome.run_id,
        "as_of": iso_utc(outcome.as_of),
        "success": outcome.success,
        "failure": outcome.failure,
        "counts": outcome.counts,
        "failed_checks": list(outcome.failed_checks),
        "report": None if outcome.report is None else str(outcome.report),
        "quarantined": list(troubles.quarantined),
        "in_doubt": list(troubles.in_doubt),
        "stopped": troubles.stopped,
    }


def _flat(counts: Mapping[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    """Return counts with dotted names, those that are nought left out."""
    found: list[tuple[str, object]] = []
    for name, value in counts.items():
        if isinstance(value, Mapping):
            found.extend(_flat(value, f"{prefix}{name}."))
        elif value:
            found.append((f"{prefix}{name}", value))
    return found
