"""The crowd: which scenarios are played, how often, and what people do in each. Data only.

What Amazon says is in `tales_of_orders` and `tales_of_bills`; `casting` makes requests of it. The seed decides who
plays what and with which quantities, never how many play it.
"""

from dataclasses import dataclass
from typing import Literal

from punchout.sandbox import tales_of_bills as bills
from punchout.sandbox import tales_of_orders as orders
from punchout.sandbox.plan import Accident
from punchout.sandbox.words import Tale

# As the handful's, and two rounds more. A cart of round 1 is 6 days old in round 7 and 7 days and an hour in round 8;
# one of round 2 exactly 7 days in round 9; one of round 3 is an hour short of 7 days in round 10. What is sent in round
# 3 has waited 23 and 47 hours in rounds 4 and 5; what is sent in round 4 exactly 24 hours in round 5.
ROUNDS = (
    "2026-03-02T17:00:00+00:00",
    "2026-03-03T17:00:00+00:00",
    "2026-03-04T18:00:00+00:00",
    "2026-03-05T17:00:00+00:00",
    "2026-03-06T17:00:00+00:00",
    "2026-03-07T18:00:00+00:00",
    "2026-03-08T17:00:00+00:00",
    "2026-03-09T18:00:00+00:00",
    "2026-03-10T17:00:00+00:00",
    "2026-03-11T17:00:00+00:00",
)
CUTOVER = "2026-03-03T16:00:00+00:00"  # half an hour before anybody releases anything
LEGACY_RELEASE = "2026-02-26T16:00:00"

Waves = tuple[tuple[int, int], ...]
_WAVES: Waves = ((1, 2), (1, 3), (2, 3), (3, 4), (4, 5))
_EARLY: Waves = ((1, 2), (2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario: how often it is played, the tales played in turn, how many lines, and what people do.

    `waves` are pairs, played in turn: the rounds of the cart and of the purchase order. `emailed` and `cancelled`
    count rounds from the latter, `send` likewise (None: the operator never sends); `unordered` stops before it.
    """

    name: str
    plays: int
    tales: tuple[Tale, ...]
    lines: tuple[int, int] = (1, 4)
    waves: Waves = _WAVES
    answer: Literal["accept", "refuse", "drop", "already"] = "accept"
    manual: bool = False
    send: int | None = None
    approved_early: bool = False
    emailed: int | None = None
    cancelled: int | None = None
    unordered: bool = False
    legacy: bool = False


def _row(
    name: str, plays: int, tales: tuple[Tale, ...], lines: tuple[int, int] = (1, 4), waves: Waves = _WAVES
) -> Scenario:
    return Scenario(name=name, plays=plays, tales=tales, lines=lines, waves=waves)


# fmt: off
SCENARIOS = (
    _row("plain", 32, orders.PLAIN),
    _row("two Amazon orders", 5, orders.TWO_AMAZON_ORDERS, (2, 4)),
    _row("line over two shipments", 4, orders.TWO_SHIPMENTS),
    _row("line over two invoices", 4, bills.TWO_INVOICES),
    _row("rejected line", 4, orders.REJECTED_LINE, (2, 4)),
    _row("wholly rejected order", 3, orders.REJECTED_ORDER),
    _row("partial quantity", 4, orders.PARTIAL_QUANTITY),
    _row("backordered, confirmed later", 5, orders.BACKORDERED),
    _row("price up", 4, orders.PRICE_UP),
    _row("price down", 3, orders.PRICE_DOWN),
    _row("substitution", 4, orders.SUBSTITUTION),
    _row("confirmation updated", 5, orders.CONFIRMATION_UPDATED),
    _row("update before what it replaces", 4, orders.UPDATE_FIRST),
    _row("never confirmed", 4, orders.UNANSWERED, waves=((1, 2), (1, 3), (3, 4), (4, 5))),
    _row("confirmed slowly", 4, orders.SLOW),
    _row("ship notice updated", 4, orders.SHIPMENT_REPLACED),
    _row("ship notice deleted", 3, orders.SHIPMENT_DELETED),
    _row("portion without items", 5, orders.WHOLE_ORDER),
    _row("blank carrier", 3, orders.NO_CARRIER),
    _row("overshipped", 4, orders.OVERSHIPPED),
    _row("unknown line shipped", 3, orders.STRANGE_LINE),
    _row("invoice deleted and corrected", 3, bills.INVOICE_CORRECTED),
    _row("credit memo", 4, bills.CREDIT_MEMO),
    _row("credit line in an invoice", 3, bills.CREDIT_LINE, (2, 4)),
    _row("overbilled", 3, bills.OVERBILLED),
    _row("billed though rejected", 3, bills.BILLED_BUT_REJECTED, (2, 4)),
    _row("billed before shipped", 4, bills.BILLED_FIRST, (2, 4), waves=((1, 2), (2, 3))),
    _row("late document", 5, bills.LATE, (2, 4)),
    _row("documents in the wrong order", 3, bills.WRONG_ORDER),
    _row("duplicate", 4, bills.DUPLICATE),
    _row("re-serialised duplicate", 4, bills.REWRITTEN),
    _row("conflict", 3, bills.CONFLICT),
    _row("malformed file", 3, bills.MALFORMED),
    _row("test document", 3, bills.REHEARSED),
    _row("bogus offsets", 5, bills.BOGUS_OFFSETS),
    _row("other time stamps", 3, bills.OTHER_STAMPS),
    _row("cart just in time", 4, orders.PLAIN, waves=((1, 7), (3, 10))),
    _row("cart that expires", 3, orders.UNANSWERED, waves=((1, 8), (2, 9), (1, 9))),
    Scenario(name="lost reply", plays=4, tales=orders.SLOW, waves=_EARLY, answer="drop"),
    Scenario(name="already processed", plays=3, tales=orders.SLOW, waves=((1, 3), (3, 4)), answer="already"),
    Scenario(name="refused order", plays=3, tales=orders.UNANSWERED, answer="refuse"),
    Scenario(name="manual release", plays=4, tales=orders.SENT_LATER, waves=_EARLY, manual=True, send=1),
    Scenario(name="manual release, never sent", plays=3, tales=orders.UNANSWERED, manual=True),
    Scenario(name="approved before its purchase order", plays=3, tales=orders.PLAIN, waves=((1, 3), (2, 4)),
             approved_early=True),
    Scenario(name="missing e-mail", plays=3, tales=orders.SENT_LATER, waves=_EARLY, emailed=2),
    Scenario(name="cancelled purchase order", plays=4, tales=orders.CALLED_OFF, waves=_EARLY, cancelled=1),
    Scenario(name="not ordered yet", plays=4, tales=orders.UNANSWERED, waves=((4, 6), (6, 8), (8, 10), (9, 11)),
             unordered=True),
    Scenario(name="before cut-over", plays=5, tales=orders.PLAIN, waves=((1, 1),), legacy=True),
)
# fmt: on

ACCIDENTS = (
    Accident(round=2, kind="page", verdict="XML_REJECTED"),
    Accident(round=4, kind="entity", verdict="XML_REJECTED"),
    Accident(round=4, kind="stranger", verdict="waiting"),
    Accident(round=6, kind="column", verdict="EXPORT_INVALID"),  # no order falls due in round 6
)
FORGED = (("plain", 1), ("plain", 7), ("plain", 13))
"""The (scenario, play)s whose ship notice lends its payloadID to another one, a round later."""
