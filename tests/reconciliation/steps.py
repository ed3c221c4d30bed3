"""What keeps an order here, in a few words: who held it, what withheld it, and that it is not repeated."""

from punchout.model.moments import Micros
from punchout.model.orders import SendHeld, SendLapsed, SendWithheld
from tests.reconciliation.histories import PAYLOAD, SENT_AT


def held(when: Micros, *, is_held: bool = True, reason: str | None = None) -> SendHeld:
    return SendHeld(payload_id=PAYLOAD, is_held=is_held, by="ann", at=when, reason=reason)


def withheld(when: Micros, detail: str = "the kill switch is set") -> SendWithheld:
    return SendWithheld(payload_id=PAYLOAD, at=when, gate="kill_switch", detail=detail)


def lapsed(attempt: int = 1, when: Micros = SENT_AT + 1) -> SendLapsed:
    return SendLapsed(payload_id=PAYLOAD, attempt=attempt, at=when, detail="not repeated in time")
