"""Where the sending of the order stands, as a function of the outbound facts and of what the supplier has answered.

What cannot be proved unsent is in doubt, and an answer to the order proves that it was sent. Nothing here sends: the
outbox and its rules are `punchout.ledger`.
"""

from dataclasses import dataclass
from enum import StrEnum

from punchout.model.history import RequestHistory
from punchout.model.moments import Micros
from punchout.model.orders import OrderQueued, SendHeld, SendResolved, SendResult, SendWithheld


class SendState(StrEnum):
    """Outbox states that follow from facts."""

    DRAFT = "draft"
    HOLD = "hold"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The sending of the latest version of the order.

    Attributes:
        state: None where nothing was queued.
        order: the order as queued.
        attempt: the attempt that counts, 0 before the first.
        marked_at: when that attempt may have left; for an order that a person reported sent, when they did.
        result: how that attempt ended.
        resolution: a person's word, where it stands.
        held: a person's word that it shall not leave, where it stands.
        withheld: what last kept it here, where it waits to leave.
    """

    state: SendState | None = None
    order: OrderQueued | None = None
    attempt: int = 0
    marked_at: Micros | None = None
    result: SendResult | None = None
    resolution: SendResolved | None = None
    held: SendHeld | None = None
    withheld: SendWithheld | None = None

    @property
    def has_left(self) -> bool:
        """Whether the supplier has the order, or may have it."""
        return self.state is SendState.SENT or (self.state is not None and _may_have_left(self.state, self.attempt))


# Of two results of one attempt at the same instant the one that forbids sending again.
_CAUTION = {state: rank for rank, state in enumerate(("pending", "blocked", "refused", "in_doubt", "sent"))}


_SUCCESS = range(200, 300)
# What a person may keep from leaving.
_NOT_LEFT = frozenset({SendState.DRAFT, SendState.PENDING})


def is_answered(history: RequestHistory) -> bool:
    """Tell whether any confirmation, ship notice or invoice of the request is known."""
    return bool(history.confirmations or history.ship_notices or history.invoices)


def sending(history: RequestHistory) -> Sending:
    """Return where the sending of the order stands."""
    order = max(history.queued, key=lambda one: (one.order_version, one.at, one.payload_id), default=None)
    if order is None:
        return Sending()
    attempt = _last_attempt(history, order.payload_id)
    marked_at = max(
        (one.at for one in history.marks if (one.payload_id, one.attempt) == (order.payload_id, attempt)), default=None
    )
    result = _result(history, order.payload_id, attempt)
    attempted_at = max(marked_at or 0, result.at if result else 0)
    resolution = _resolution(history, order.payload_id, attempted_at)
    word = _last_word(history, order.payload_id)
    state = SendState(resolution.outcome) if resolution else _by_facts(history, order, attempt, result)
    if state is SendState.BLOCKED and word is not None and not word.is_held and word.at > attempted_at:
        state = SendState.PENDING
    # A document that answers the order is proof, also against a person who let it be sent again.
    if is_proved(history, order.payload_id) and _may_have_left(state, attempt):
        state = SendState.SENT
    held = word if word is not None and word.is_held and state in _NOT_LEFT else None
    if held is not None:
        state = SendState.HOLD
    if marked_at is None and state is SendState.SENT and resolution is not None:
        marked_at = resolution.at
    return Sending(
        state=state,
        order=order,
        attempt=attempt,
        marked_at=marked_at,
        result=result,
        resolution=resolution,
        held=held,
        withheld=_withheld(history, order.payload_id, attempted_at) if state is SendState.PENDING else None,
    )


def is_proved(history: RequestHistory, payload_id: str) -> bool:
    """Tell whether the supplier has shown that it has the order: answered it, or said so by a status update."""
    acknowledged = (one.body for one in history.status_updates if one.body.payload_id == payload_id)
    return is_answered(history) or any(one.code in _SUCCESS for one in acknowledged)


def _last_attempt(history: RequestHistory, payload_id: str) -> int:
    marked = [one.attempt for one in history.marks if one.payload_id == payload_id]
    ended = [one.attempt for one in history.results if one.payload_id == payload_id]
    return max((*marked, *ended), default=0)


def _result(history: RequestHistory, payload_id: str, attempt: int) -> SendResult | None:
    results = [one for one in history.results if (one.payload_id, one.attempt) == (payload_id, attempt)]
    return max(results, key=lambda one: (one.at, _CAUTION.get(one.outcome, 0), one.detail or ""), default=None)


def _resolution(history: RequestHistory, payload_id: str, attempted_at: Micros) -> SendResolved | None:
    """Return a person's last word, unless the order was attempted after it.

    Where word and attempt carry the same time, `pending` does not stand: it must never let one attempt become two.
    """
    words = [one for one in history.resolutions if one.payload_id == payload_id]
    last = max(words, key=lambda one: (one.at, one.outcome != "pending", one.outcome, one.by), default=None)
    if last is None or last.at < attempted_at or (last.at == attempted_at and last.outcome == "pending"):
        return None
    return last


def _last_word(history: RequestHistory, payload_id: str) -> SendHeld | None:
    """Return the last word on holding the order or letting it go; of two at one instant the one that holds."""
    words = [one for one in history.holds if one.payload_id == payload_id]
    return max(words, key=lambda one: (one.at, one.is_held, one.by, one.reason or ""), default=None)


def _withheld(history: RequestHistory, payload_id: str, attempted_at: Micros) -> SendWithheld | None:
    since = [one for one in history.withheld if one.payload_id == payload_id and one.at > attempted_at]
    return max(since, key=lambda one: (one.at, one.gate, one.detail), default=None)


def _by_facts(history: RequestHistory, order: OrderQueued, attempt: int, result: SendResult | None) -> SendState:
    if result is not None:
        if any((one.payload_id, one.attempt) == (order.payload_id, attempt) for one in history.lapses):
            return SendState.IN_DOUBT
        return SendState(result.outcome) if result.outcome in _CAUTION else SendState.IN_DOUBT
    if attempt:
        return SendState.SENDING
    released = any(one.payload_id == order.payload_id for one in history.releases)
    return SendState.DRAFT if order.release_mode == "manual" and not released else SendState.PENDING


def _may_have_left(state: SendState, attempt: int) -> bool:
    waits = state in {SendState.PENDING, SendState.HOLD}
    return state in {SendState.SENDING, SendState.IN_DOUBT} or (waits and attempt > 0)
