"""What an answer to an order means: the whole table, as data.

Money leaves once. What is provably unsent may be sent again; what the supplier's own cXML code settles is settled; all
the rest is in doubt, and nothing automatic resends it. HTTP alone never means sent: the page of a proxy is no receipt,
and an error page may hide an order that was taken. How an answer is got is `resources.supplier`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["sent", "pending", "refused", "in_doubt", "blocked"]
"""The outbox state an attempt leads to; `blocked` stops the whole channel, since every order would meet the same."""


class Failure(StrEnum):
    """Why no complete answer came."""

    NOT_CONNECTED = "not_connected"  # refused, no such host, reset before anything was written
    CONNECT_TIMEOUT = "connect_timeout"
    POOL_TIMEOUT = "pool_timeout"
    PROXY = "proxy"
    UNSUPPORTED_PROTOCOL = "unsupported_protocol"
    TLS = "tls"  # the handshake failed: certificate, name or protocol
    WRITE_FAILED = "write_failed"  # also a timeout: a full body may have arrived although its receipt was lost
    READ_TIMEOUT = "read_timeout"
    TOO_SLOW = "too_slow"  # bytes came, but the answer did not end in time
    CONNECTION_LOST = "connection_lost"
    BROKEN_ANSWER = "broken_answer"  # not HTTP, cut off, or closed without a word
    TOO_LARGE = "too_large"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the transport saw of one attempt. The default says that nothing is known.

    Attributes:
        failure: why there is no complete answer; None where there is one.
        http_status: as far as it was received.
        retry_after: seconds the server asked for.
        is_cxml: the body is a cXML Response.
        cxml_code: `Status/@code`.
        cxml_text: `Status/@text` and content, shortened.
        echo_ok: False where the answer names another order of ours.
    """

    failure: Failure | None = None
    http_status: int | None = None
    retry_after: int | None = None
    is_cxml: bool = False
    cxml_code: int | None = None
    cxml_text: str | None = None
    echo_ok: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows.

    Attributes:
        outcome: the outbox state.
        detail: a line for a person.
        retry_after: seconds; only where the outcome is pending, and the server asked for it or a repetition waits.
        may_have_left: pending although the order may have left: it is repeated to a supplier that takes repeats.
    """

    outcome: Outcome
    detail: str
    retry_after: int | None = None
    may_have_left: bool = False


_BY_FAILURE: dict[Failure, Outcome] = {
    Failure.NOT_CONNECTED: "pending",
    Failure.CONNECT_TIMEOUT: "pending",
    Failure.POOL_TIMEOUT: "pending",
    Failure.PROXY: "pending",
    Failure.UNSUPPORTED_PROTOCOL: "pending",
    Failure.TLS: "blocked",
}  # every other failure: in doubt

_BY_CXML: dict[int, Outcome] = {
    200: "sent", 201: "sent", 204: "sent", 280: "sent", 281: "sent",
    400: "refused", 406: "refused", 409: "refused", 412: "refused", 417: "refused", 450: "refused", 499: "refused",
    401: "blocked", 402: "blocked", 403: "blocked", 475: "blocked", 476: "blocked", 477: "blocked",
    500: "in_doubt", 550: "in_doubt", 551: "in_doubt", 560: "in_doubt",
}  # fmt: skip
_BY_CXML_FAMILY: dict[int, Outcome] = {2: "sent", 4: "refused"}  # an unknown code is read as 200, 400 or 500

# Only without cXML. Everything else is in doubt, success included.
_BY_HTTP: dict[int, Outcome] = {
    401: "blocked", 402: "blocked", 403: "blocked", 404: "blocked", 405: "blocked", 407: "blocked", 410: "blocked",
    429: "pending",
}  # fmt: skip
_BY_HTTP_FAMILY: dict[int, Outcome] = {3: "blocked"}  # never followed: a second POST may be a second order

# The supplier takes a repeated payloadID for the same order, so asking again is safe.
_PENDING_IF_DEDUPED_CXML = frozenset({560})
_PENDING_IF_DEDUPED_HTTP = frozenset({503})

# A refusal that means "you ordered this before". For a conflict the third word is enough.
_HAS_IT = re.compile(r"\balready\b|\bduplicate", re.IGNORECASE)
_HAS_IT_IN_CONFLICT = re.compile(r"already|duplicate|processed", re.IGNORECASE)
_CONFLICT = 409

_LONGEST_WAIT = 3600


def classify(answer: Answer, dedupes: bool = False) -> Verdict:  # noqa: FBT001, FBT002 - the profile's one switch
    """Return the outbox state an answer leads to, and a line for a person.

    Args:
        answer: what the transport saw.
        dedupes: the supplier was shown to take a repeated payloadID for the same order.
    """
    if answer.failure is not None:
        return Verdict(outcome=_BY_FAILURE.get(answer.failure, "in_doubt"), detail=_told(answer))
    if not answer.is_cxml or answer.cxml_code is None:
        return _by_http(answer, dedupes=dedupes)
    if not answer.echo_ok:
        return Verdict(outcome="in_doubt", detail=f"the answer names another order: {_told(answer)}")
    if dedupes and answer.cxml_code in _PENDING_IF_DEDUPED_CXML:
        return _to_be_repeated(answer)
    return Verdict(outcome=_by_cxml(answer.cxml_code, answer.cxml_text or ""), detail=_told(answer))


def _to_be_repeated(answer: Answer) -> Verdict:
    return Verdict(
        outcome="pending", detail=_told(answer), retry_after=_bounded(answer.retry_after), may_have_left=True
    )


def _by_cxml(code: int, text: str) -> Outcome:
    outcome = _BY_CXML.get(code) or _BY_CXML_FAMILY.get(code // 100, "in_doubt")
    pattern = _HAS_IT_IN_CONFLICT if code == _CONFLICT else _HAS_IT
    return "in_doubt" if outcome == "refused" and pattern.search(text) else outcome


def _by_http(answer: Answer, *, dedupes: bool) -> Verdict:
    status = answer.http_status or 0
    outcome = _BY_HTTP.get(status) or _BY_HTTP_FAMILY.get(status // 100, "in_doubt")
    if dedupes and status in _PENDING_IF_DEDUPED_HTTP:
        return _to_be_repeated(answer)
    wait = answer.retry_after if outcome == "pending" else None
    return Verdict(outcome=outcome, detail=_told(answer), retry_after=_bounded(wait))


def _bounded(wait: int | None) -> int | None:
    return None if wait is None else max(0, min(wait, _LONGEST_WAIT))


def _told(answer: Answer) -> str:
    http = None if answer.http_status is None else f"HTTP {answer.http_status}"
    if answer.failure is not None:
        return ", ".join(filter(None, (answer.failure.value.replace("_", " "), http)))
    if answer.cxml_code is None:
        return f"{http or 'an answer'} without a cXML status"
    return f"{http}, cXML {answer.cxml_code} {answer.cxml_text or ''}".strip()
