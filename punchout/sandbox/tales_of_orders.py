"""What Amazon says when it answers an order and when it ships: a few tales a scenario, played in turn. Data only.

The words are those of `words`; how often each scenario is played is in `repertoire`.
"""

from punchout.sandbox.words import (
    EVERY,
    FIRST,
    ONE,
    OTHERS,
    PART,
    REST,
    STRANGE,
    Tale,
    accept,
    backorder,
    confirm,
    delete_shipment,
    invoice,
    reject,
    replace_shipment,
    ship,
    ship_whole,
    some,
    substitute,
    update,
)

# fmt: off
PLAIN: tuple[Tale, ...] = (
    (confirm(1), ship(2), invoice(3)),
    (confirm(1), ship(2), invoice(2)),
    (confirm(1), ship(3), invoice(4)),
    (confirm(1), ship(2)),
    (confirm(1), ship(2, some(FIRST)), invoice(3, some(FIRST))),
    (confirm(1),),
)
UNANSWERED: tuple[Tale, ...] = ((),)
SLOW: tuple[Tale, ...] = ((confirm(2), ship(3), invoice(4)), (confirm(3), ship(4), invoice(5)))
CALLED_OFF: tuple[Tale, ...] = ((confirm(1),), (confirm(2, reject()),))
SENT_LATER: tuple[Tale, ...] = ((confirm(3), ship(4), invoice(5)), (confirm(4), ship(5)), (confirm(3), ship(4)))

# Confirmations
TWO_AMAZON_ORDERS: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, PART), accept(FIRST, REST, via=2), accept(OTHERS)),
     ship(2, some(FIRST, PART), some(OTHERS)), ship(3, some(FIRST, REST)), invoice(4)),
    (confirm(1, accept(FIRST), accept(OTHERS, via=2)), ship(2, some(FIRST)), ship(3, some(OTHERS)), invoice(3)),
    (confirm(1, accept(OTHERS, via=2)), confirm(2, accept(FIRST)), ship(3), invoice(4)),
)
REJECTED_LINE: tuple[Tale, ...] = (
    (confirm(1, reject(FIRST), accept(OTHERS)), ship(2, some(OTHERS)), invoice(3, some(OTHERS))),
    (confirm(1, accept(OTHERS)), confirm(2, reject(FIRST)), ship(3, some(OTHERS)), invoice(4, some(OTHERS))),
)
REJECTED_ORDER: tuple[Tale, ...] = ((confirm(1, reject()),), (confirm(2, reject()),))
PARTIAL_QUANTITY: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS)),
     ship(2, some(FIRST, PART), some(OTHERS)), invoice(3, some(FIRST, PART), some(OTHERS))),
    (confirm(1, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS)), ship(3, some(FIRST, PART))),
)
BACKORDERED: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, PART), backorder(FIRST, REST), accept(OTHERS)),
     ship(2, some(FIRST, PART), some(OTHERS)), confirm(3, accept(FIRST, REST, via=2)),
     ship(4, some(FIRST, REST)), invoice(5)),
    (confirm(1, backorder()), confirm(3, accept(via=2)), ship(4), invoice(5)),
    (confirm(1, backorder(FIRST), accept(OTHERS)), confirm(2, accept(FIRST, PART, via=2)), ship(3, some(FIRST, PART))),
)
PRICE_UP: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, percent=8), accept(OTHERS)), ship(2), invoice(3)),
    (confirm(1, accept(FIRST, percent=2), accept(OTHERS)), ship(2)),
    (confirm(1, accept(FIRST, percent=12), accept(OTHERS)), ship(3)),
)
PRICE_DOWN: tuple[Tale, ...] = ((confirm(1, accept(FIRST, percent=-6), accept(OTHERS)), ship(2), invoice(3)),)
SUBSTITUTION: tuple[Tale, ...] = (
    (confirm(1, substitute(FIRST), accept(OTHERS)), ship(2), invoice(3)),
    (confirm(1, substitute(FIRST), accept(OTHERS)), update(2, of=0), ship(3), invoice(4)),
    (confirm(2, substitute(FIRST), accept(OTHERS)), ship(3), invoice(3)),
)
CONFIRMATION_UPDATED: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, PART), backorder(FIRST, REST), accept(OTHERS)), update(2, of=0), ship(3), invoice(4)),
    (confirm(1), update(2, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS), of=0),
     ship(3, some(FIRST, PART), some(OTHERS)), invoice(4, some(FIRST, PART), some(OTHERS))),
    (confirm(1, accept(FIRST, PART)), update(2, accept(FIRST, PART), backorder(FIRST, REST), of=0), update(3, of=1),
     ship(4)),
)
UPDATE_FIRST: tuple[Tale, ...] = (
    (confirm(1, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS), late=2), update(2, of=0),
     ship(4), invoice(5)),
    (confirm(1), ship(2, some(FIRST, PART), late=2), replace_shipment(3, of=1), invoice(5)),
)

# Ship notices
TWO_SHIPMENTS: tuple[Tale, ...] = (
    (confirm(1), ship(2, some(FIRST, PART)), ship(3, some(FIRST, REST), some(OTHERS)), invoice(4)),
    (confirm(1), ship(2, some(FIRST, PART), some(OTHERS)), ship(4, some(FIRST, REST)), invoice(5)),
    (confirm(1), ship(2, some(FIRST, PART)), ship(4, some(FIRST, REST), some(OTHERS))),
)
SHIPMENT_REPLACED: tuple[Tale, ...] = (
    (confirm(1), ship(2, some(FIRST, PART)), replace_shipment(3, of=1), invoice(4)),
    (confirm(1), ship(2), replace_shipment(3, some(FIRST, PART), some(OTHERS), of=1)),
)
SHIPMENT_DELETED: tuple[Tale, ...] = (
    (confirm(1), ship(2), delete_shipment(3, of=1)),
    (confirm(1), ship(2), delete_shipment(3, of=1), ship(4), invoice(5)),
)
WHOLE_ORDER: tuple[Tale, ...] = (
    (confirm(1), ship_whole(2), invoice(3)),
    (confirm(1, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS)), ship_whole(2)),
    (confirm(1), ship(2, some(FIRST, PART)), ship_whole(3), invoice(4)),
)
NO_CARRIER: tuple[Tale, ...] = ((confirm(1), ship(2, carrier=""), invoice(3)),)
OVERSHIPPED: tuple[Tale, ...] = (
    (confirm(1), ship(2), ship(3, some(FIRST, ONE)), invoice(4)),
    (confirm(1, accept(FIRST, PART), reject(FIRST, REST), accept(OTHERS)), ship(2)),
)
STRANGE_LINE: tuple[Tale, ...] = ((confirm(1), ship(2, some(EVERY), some(STRANGE, ONE)), invoice(3)),)
# fmt: on
