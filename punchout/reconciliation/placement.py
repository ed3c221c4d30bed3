"""Whether the supplier has the order, whoever sent it.

Our own sending is `sending`. Here are the OrderRequests of somebody else, of which a copy has come (Business Central's,
where it sends), and what the supplier said of an order later: a StatusUpdateRequest (cXML: after Status 201 another
one follows, after 200 only an error). A copy proves that the order was sent; a later Status of the 400s that it was
refused; one of the 500s, or a 409 conflict, leaves in doubt whether the supplier has it. Any document that answers the
order proves that it has. The lines of a copy are `copied_lines`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from punchout.model.answers import StatusUpdate
from punchout.model.history import RequestHistory, Stated
from punchout.model.moments import Micros
from punchout.model.order_documents import OrderRequest
from punchout.reconciliation.results import VersionState
from punchout.reconciliation.sending import Sending, SendState
from punchout.reconciliation.statements import Statement, distinct
from punchout.reconciliation.versions import Versions, order_request_versions

_ABOUT_THE_WHOLE = frozenset({None, "DocumentStatus"})
"""What a status update may be about to say that an order was taken or refused; others speak of invoices or payments."""

_CONFLICT = 409
_REFUSALS, _FAILURES = range(400, 500), 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The order at the supplier.

    Attributes:
        sending: our own sending of it.
        copy: the OrderRequest of somebody else that stands, None where no copy has come.
        is_called_off: that OrderRequest, or a later one, deletes the order.
        word: what the supplier last said of the order that counts, by a status update.
        answered: a confirmation, ship notice or invoice is known.
        answers_others: an order that was never written down here is answered, and is somebody else's to send.
        versions: how every copy stands.
    """

    sending: Sending
    copy: Statement[OrderRequest] | None
    is_called_off: bool
    word: Stated[StatusUpdate] | None
    answered: bool
    answers_others: bool
    versions: tuple[VersionState, ...]

    @property
    def state(self) -> SendState | None:
        """Where the order stands on its way; None where nothing was queued here and no copy has come."""
        if self.sending.state is not None:
            refused = self.sending.state is SendState.SENT and not self.answered and self._worded is SendState.REFUSED
            return SendState.REFUSED if refused else self.sending.state
        if self.copy is None:
            return None
        if self.is_called_off:
            return SendState.CANCELLED
        return SendState.SENT if self.answered else self._worded

    @property
    def _worded(self) -> SendState:
        code = self.word.body.code if self.word is not None else 0
        if code == _CONFLICT or code >= _FAILURES:
            return SendState.IN_DOUBT
        return SendState.REFUSED if code in _REFUSALS else SendState.SENT

    @property
    def has_left(self) -> bool:
        """Whether the supplier has the order, or may have it."""
        if self.sending.state is not None:
            return self.sending.has_left
        return self.answers_others or self.state in {SendState.SENT, SendState.IN_DOUBT}

    @property
    def sent_at(self) -> Micros | None:
        """When the order was sent; for a copy what it states: its order date, else its envelope, else its receipt."""
        if self.sending.state is not None or self.copy is None:
            return self.sending.marked_at
        stated = self.copy.body.order_date.utc
        return next(at for at in (stated, self.copy.timestamp, self.copy.received) if at is not None)

    @property
    def worded_at(self) -> Micros | None:
        """When the supplier last said something of the order by a status update."""
        return None if self.word is None else _said_at(self.word)

    @property
    def is_ordered_twice(self) -> bool:
        """Whether there are two orders of one number: one of ours and one of somebody else's, or two of theirs.

        Suppliers tell orders by their payloadIDs, so the same content under another payloadID is another order.
        """
        if self.copy is None or self.is_called_off:
            return False
        return self.sending.order is not None or len(self.copy.payload_ids) > 1


def placement(
    history: RequestHistory, sending: Sending, order_id: str | None, zone: ZoneInfo, *, answered: bool, sent_here: bool
) -> Placement:
    """Return where the order stands at the supplier.

    Args:
        history: the facts; copies of what was queued here say nothing new.
        sending: our own sending.
        order_id: the purchase order's number, which tells its copies from those of another purchase order.
        zone: the company's zone.
        answered: whether the supplier has answered the order, by a document that may be ignored since.
        sent_here: whether such orders are this system's to send.
    """
    own = {queued.payload_id for queued in history.queued}
    foreign = (one for one in history.order_requests if one.source.payload_id not in own)
    every = distinct(foreign)
    wanted = order_id if any(one.body.order_id == order_id for one in every) else _first_number(every)
    copies = [one for one in every if one.body.order_id == wanted]
    words = _last_words(history.status_updates)
    refused = [one for one in copies if _is_refused(one, words)] if not answered else []
    standing = [one for one in copies if one not in refused] or copies
    versions = order_request_versions(standing, zone)
    copy = _last(versions, standing)
    of_order = {sending.order.payload_id} if sending.order is not None else copy.payload_ids if copy else set()
    states = (*versions.states, *(_refused(one) for one in refused if one not in standing))
    return Placement(
        sending=sending,
        copy=copy,
        is_called_off=copy is not None and not versions.current,
        word=_latest(words[payload_id] for payload_id in of_order if payload_id in words),
        answered=answered,
        answers_others=answered and not sent_here and sending.state is None,
        versions=states,
    )


def _first_number(copies: Iterable[Statement[OrderRequest]]) -> str | None:
    return min((one.body.order_id for one in copies), default=None)


def _last(versions: Versions[OrderRequest], standing: list[Statement[OrderRequest]]) -> Statement[OrderRequest] | None:
    """Return the version that stands; of a deleted order the last one that ordered anything, as far as it is known."""
    return next(iter((*versions.current[-1:], *versions.every[-1:], *standing[-1:])), None)


def _last_words(updates: Iterable[Stated[StatusUpdate]]) -> dict[str, Stated[StatusUpdate]]:
    """Return the last status update of each document, by that document's payloadID."""
    words: dict[str, list[Stated[StatusUpdate]]] = {}
    for one in updates:
        if one.body.payload_id is not None and one.body.subject in _ABOUT_THE_WHOLE:
            words.setdefault(one.body.payload_id, []).append(one)
    return {payload_id: max(said, key=_order) for payload_id, said in words.items()}


def _latest(words: Iterable[Stated[StatusUpdate]]) -> Stated[StatusUpdate] | None:
    return max(words, key=_order, default=None)


def _order(one: Stated[StatusUpdate]) -> tuple[Micros, int, str]:
    """Of two words at the same time the one that promises less; what the envelope does not date comes first."""
    return one.source.timestamp or 0, one.body.code, one.source.body_sha256


def _said_at(one: Stated[StatusUpdate]) -> Micros:
    return one.source.received if one.source.timestamp is None else one.source.timestamp


def _is_refused(one: Statement[OrderRequest], words: dict[str, Stated[StatusUpdate]]) -> bool:
    word = _latest(words[payload_id] for payload_id in one.payload_ids if payload_id in words)
    return word is not None and word.body.code in _REFUSALS and word.body.code != _CONFLICT


def _refused(one: Statement[OrderRequest]) -> VersionState:
    return VersionState(kind="order_request", body_sha256=one.body_sha256, standing="refused")
