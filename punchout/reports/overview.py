"""The strip at the head of the report: how fresh it is, how much there is, and what is at stake."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from punchout.model.exact import format_decimal
from punchout.reports.amounts import by_currency, money_in
from punchout.reports.findings import RANK, severity_of
from punchout.reports.lines import line_worth
from punchout.reports.text import at, visible

_STALE = timedelta(hours=24)
_SHOWN_OF_THE_HASH = 12
_WAITING_FOR_A_PERSON = ("draft", "hold", "blocked", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where documents come from, and when the last one came. `age` is empty where either moment is unknown."""

    name: str
    documents: int
    last: str
    age: str
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The numbers of the strip.

    Attributes:
        value: what the lines cost as ordered, for each currency.
        billed: what invoices bill for the lines, for each currency.
        held: orders that a person must move on, by outbox state.
    """

    as_of_utc: str
    as_of_local: str
    zone: str
    hash_short: str
    hash_full: str
    requests: int
    lines: int
    value: Sequence[str]
    billed: Sequence[str]
    exceptions: int
    severities: Sequence[tuple[str, int]]
    at_risk: Sequence[str]
    in_doubt: int
    held: Sequence[tuple[str, int]]
    quarantined: Sequence[tuple[str, int]]
    quarantined_total: int
    waiting: int
    accepted: int
    duplicates: int
    feeds: Sequence[Feed]


def overview(report: Mapping[str, Any], zone: tzinfo) -> Overview:
    """Return the numbers of the strip; money at risk is the sum over all open exceptions, for each currency."""
    requests = report["requests"]
    lines = [(line, request) for request in requests for line in request["lines"]]
    matches = [line["match"] for line, _ in lines if line.get("match")]
    details = [detail for request in requests for detail in request.get("exception_details", ())]
    severities = Counter(detail["severity"] for detail in details)
    orders = Counter(request["outbox_state"] for request in requests)
    counts = report["documents"]
    return Overview(
        as_of_utc=at(report["as_of"], UTC),
        as_of_local=at(report["as_of"], zone) if report["as_of"] and zone is not UTC else "",
        zone=str(zone),
        hash_short=report["ledger_hash"][:_SHOWN_OF_THE_HASH],
        hash_full=report["ledger_hash"],
        requests=len(requests),
        lines=len(lines),
        value=_sums(_worth(line, request) for line, request in lines),
        billed=_sums((match["amount_invoiced"], match["currency"]) for match in matches),
        exceptions=len(details),
        severities=sorted(severities.items(), key=lambda entry: RANK.get(entry[0], len(RANK))),
        at_risk=_sums((detail["amount_at_risk"], detail["currency"]) for detail in details),
        in_doubt=orders["in_doubt"],
        held=[(state, orders[state]) for state in _WAITING_FOR_A_PERSON if orders[state]],
        quarantined=sorted(counts["quarantined"].items(), key=lambda entry: (RANK[severity_of(entry[0])], entry[0])),
        quarantined_total=sum(counts["quarantined"].values()),
        waiting=counts["waiting"],
        accepted=counts["accepted"],
        duplicates=counts["duplicate"],
        feeds=[_feed(feed, report["as_of"], zone) for feed in report.get("feeds", ())],
    )


def _worth(line: Mapping[str, Any], request: Mapping[str, Any]) -> tuple[str, str | None]:
    amount, currency = line_worth(line, request)
    return format_decimal(amount), currency


def _sums(amounts: Iterable[tuple[str | None, str | None]]) -> list[str]:
    return [visible(money_in(amount, currency)) for currency, amount in by_currency(amounts).items()]


def _feed(feed: Mapping[str, Any], as_of: str | None, zone: tzinfo) -> Feed:
    last = feed["last_received_at"]
    age = datetime.fromisoformat(as_of) - datetime.fromisoformat(last) if as_of and last else None
    return Feed(
        name=feed["feed"],
        documents=feed["documents"],
        last=at(last, zone),
        # One that came after the moment the report speaks of has no age.
        age="" if age is None or age < timedelta(0) else _hours(age),
        stale=age is not None and age > _STALE,
    )


def _hours(age: timedelta) -> str:
    hours = age // timedelta(hours=1)
    return f"{hours} h" if hours else f"{age // timedelta(minutes=1)} min"
