"""What Amazon says when it bills, and what happens to its post on the way. Data only.

The words are those of `words`; how often each scenario is played is in `repertoire`.
"""

from punchout.sandbox.words import (
    ALL,
    EVERY,
    FIRST,
    ONE_MORE,
    OTHERS,
    PART,
    REST,
    Tale,
    accept,
    again,
    back,
    broken,
    confirm,
    conflict,
    credit,
    delete_invoice,
    invoice,
    rehearse,
    reject,
    rewritten,
    ship,
    some,
)

# fmt: off
# Invoices and credits
TWO_INVOICES: tuple[Tale, ...] = (
    (confirm(1), ship(2), invoice(3, some(FIRST, PART)), invoice(4, some(FIRST, REST), some(OTHERS))),
    (confirm(1), ship(2), invoice(2, some(FIRST, PART), some(OTHERS)), invoice(4, some(FIRST, REST))),
)
INVOICE_CORRECTED: tuple[Tale, ...] = (
    (confirm(1), ship(2), invoice(3, some(FIRST, ONE_MORE), some(OTHERS)), delete_invoice(4, of=2), invoice(4)),
    (confirm(1), ship(2), invoice(3), delete_invoice(4, of=2), invoice(5)),
)
CREDIT_MEMO: tuple[Tale, ...] = (
    (confirm(1), ship(2), invoice(3), credit(4, back(FIRST, PART), of=2)),
    (confirm(1), ship(2), invoice(3), credit(5, back(EVERY), of=2)),
)
CREDIT_LINE: tuple[Tale, ...] = (
    (confirm(1), ship(2), invoice(3, some(FIRST)), invoice(4, some(OTHERS), back(FIRST, PART))),
    (confirm(1), ship(2), invoice(3, some(FIRST)), invoice(4, some(OTHERS), back(FIRST, ALL))),
)
OVERBILLED: tuple[Tale, ...] = ((confirm(1), ship(2), invoice(3, some(FIRST, ONE_MORE), some(OTHERS))),)
BILLED_BUT_REJECTED: tuple[Tale, ...] = (
    (confirm(1, reject(FIRST), accept(OTHERS)), ship(2, some(OTHERS)), invoice(3)),
)
BILLED_FIRST: tuple[Tale, ...] = ((confirm(1), invoice(2), ship(5)), (confirm(1), ship(2, some(FIRST)), invoice(2)))

# The order in which things arrive
LATE: tuple[Tale, ...] = (
    (confirm(1), ship(2, some(FIRST, PART), late=2), ship(3, some(FIRST, REST), some(OTHERS)), invoice(3)),
    (confirm(1), ship(2), invoice(2, some(FIRST, PART), late=2), invoice(3, some(FIRST, REST), some(OTHERS))),
    (confirm(1, accept(FIRST), late=2), confirm(2, accept(OTHERS, via=2)), ship(4), invoice(5)),
)
WRONG_ORDER: tuple[Tale, ...] = (
    (confirm(1, late=2), ship(1), invoice(2)),
    (invoice(1), ship(2), confirm(2, late=1)),
)

# What comes twice, or should not have come
DUPLICATE: tuple[Tale, ...] = (
    (confirm(1), again(1, of=0), ship(2), invoice(3)),
    (confirm(1), ship(2), again(3, of=1), invoice(3)),
    (confirm(1), ship(2), invoice(3), again(3, of=2)),
    (confirm(1, reject()), again(2, of=0)),
)
REWRITTEN: tuple[Tale, ...] = (
    (confirm(1), ship(2), rewritten(2, of=1), invoice(3)),
    (confirm(1, reject()), rewritten(2, of=0)),
    (confirm(1), ship(2), invoice(3), rewritten(4, of=2)),
    (confirm(1), rewritten(1, of=0), ship(2, some(FIRST))),
)
CONFLICT: tuple[Tale, ...] = (
    (confirm(1), ship(2), conflict(3, of=1), invoice(4)),
    (confirm(1), ship(2), conflict(4, of=1)),
)
MALFORMED: tuple[Tale, ...] = (
    (confirm(1, late=1), broken(1, of=0), ship(3), invoice(4)),
    (confirm(1), ship(2, late=1), broken(2, of=1), invoice(3)),
)
REHEARSED: tuple[Tale, ...] = (
    (confirm(1), ship(3), rehearse(2, of=1), invoice(4)),
    (confirm(1), rehearse(2, of=1), ship(4)),
)

# How times are written
BOGUS_OFFSETS: tuple[Tale, ...] = (
    (confirm(1, clock="bogus_west"), ship(2, clock="bogus_west"), invoice(3)),
    (confirm(1), ship(2, clock="bogus_utc"), invoice(3)),
    (confirm(1, clock="bogus_utc"), ship(2, clock="bogus_utc"), invoice(3, clock="bogus_west")),
)
OTHER_STAMPS: tuple[Tale, ...] = (
    (confirm(1, clock="zulu"), ship(2, clock="zulu"), invoice(3, clock="zulu")),
    (confirm(1), ship(2, day_only=True), invoice(3)),
)
# fmt: on
