"""The closed vocabulary of reasons and exceptions, and what a person should do about each.

A code is the only machine-readable reason the project gives. When one fires is decided elsewhere: in `cxml_parsers`,
`punchout.ordering`, `punchout.reconciliation` and `punchout.ledger`.
"""

from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """How bad an exception is: critical blocks, error holds a line or an invoice, the rest informs."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(StrEnum):
    """A reason or exception code.

    Attributes:
        severity: its usual severity; a rule may raise it.
        meaning: when it fires, in a few words.
        action: what a person should do next.
    """

    severity: Severity
    meaning: str
    action: str

    def __new__(cls, name: str, severity: Severity, meaning: str, action: str) -> Self:
        """Make a member that is its own name and carries what is known of it."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.severity, member.meaning, member.action = severity, meaning, action
        return member

    # fmt: off
    XML_REJECTED = "XML_REJECTED", Severity.CRITICAL, "not well-formed, not XML, an entity or DTD attack, or too large", "Ask the sender for the document again, then `punchout quarantine redrive`."
    AUTH_FAILED = "AUTH_FAILED", Severity.CRITICAL, "the sender's identity or secret is not accepted", "Compare the document's From with `supplier.identities`; if it is genuine add it and redrive."
    ENV_MISMATCH = "ENV_MISMATCH", Severity.CRITICAL, "a test document in production, or the reverse", "Check the account's Test/Active switch at the supplier; dismiss the document."
    PAYLOAD_REUSED = "PAYLOAD_REUSED", Severity.CRITICAL, "a payloadID seen before, with another body", "Do not process either by hand; ask the sender which body is right."
    DOC_CONFLICT = "DOC_CONFLICT", Severity.CRITICAL, "a document number seen before, with another body", "Compare both documents; ask the sender which one is right."
    DOC_DUPLICATE = "DOC_DUPLICATE", Severity.INFO, "a document that was already taken in", "Nothing to do; it was counted once."
    DOC_UNSUPPORTED = "DOC_UNSUPPORTED", Severity.WARNING, "a cXML document of a kind that is not processed", "Nothing to do unless you expected it to count; the bytes are kept."
    STRUCT_INVALID = "STRUCT_INVALID", Severity.ERROR, "a part that is needed is missing or malformed", "Ask the sender to correct and resend the document."
    STRUCT_DEVIATION = "STRUCT_DEVIATION", Severity.INFO, "a deviation from cXML that can be read", "Nothing to do."
    CHARSET_SUSPECT = "CHARSET_SUSPECT", Severity.WARNING, "text that looks wrongly encoded", "Compare the description with the supplier's page."
    NUMBER_RANGE = "NUMBER_RANGE", Severity.ERROR, "a number with more than 12 integer digits or 6 decimals", "Ask the sender to correct and resend the document."
    TS_OFFSET_REPAIRED = "TS_OFFSET_REPAIRED", Severity.INFO, "a UTC offset that merely repeats the clock was replaced", "Nothing to do."
    TS_NAIVE = "TS_NAIVE", Severity.WARNING, "a time without an offset was read in the configured zone", "Check `supplier.naive_zone` if dates look a day off."
    TS_INVALID = "TS_INVALID", Severity.ERROR, "a date or time that cannot be read", "Ask the sender to correct and resend the document."
    FUTURE_DATED = "FUTURE_DATED", Severity.WARNING, "an actual date lies more than a day after receipt", "Check the date with the supplier."
    EXPORT_INVALID = "EXPORT_INVALID", Severity.ERROR, "a Business Central export that does not fit its format", "Correct the export in Business Central and deliver it again; none of its rows was applied."
    SNAPSHOT_REGRESSION = "SNAPSHOT_REGRESSION", Severity.ERROR, "an export older or much smaller than the last one", "Check the export job in Business Central; ordering waits until a sound export arrives."
    CART_UNKNOWN_COOKIE = "CART_UNKNOWN_COOKIE", Severity.ERROR, "a cart for a session that is not ours", "Look for the request in Business Central; it may not have been exported yet."
    CART_REPLAYED = "CART_REPLAYED", Severity.WARNING, "a second cart for a session already used", "Compare both carts; only the first counts."
    CART_EMPTY = "CART_EMPTY", Severity.WARNING, "a cart without items", "Ask the requester whether the cart was meant to be empty."
    CART_TOTAL_MISMATCH = "CART_TOTAL_MISMATCH", Severity.WARNING, "the cart's total is not the sum of its lines", "Compare the cart with the supplier's page before approving."
    CART_AGEING = "CART_AGEING", Severity.WARNING, "the cart is five days old and not ordered", "Approve and order before the held prices lapse."
    CART_EXPIRED = "CART_EXPIRED", Severity.ERROR, "the cart is seven days old and not ordered", "Punch out again; the supplier no longer holds the prices."
    AUX_ID_MISSING = "AUX_ID_MISSING", Severity.ERROR, "the supplier's auxiliary part id is missing and must be returned", "Punch out again; the order would be refused without it."
    AUX_ID_CHANGED = "AUX_ID_CHANGED", Severity.ERROR, "the auxiliary part id differs from the cart's", "Restore the cart's value on the request line."
    OUT_VALIDATION = "OUT_VALIDATION", Severity.ERROR, "the order cannot be built", "Complete the request or purchase order in Business Central as the detail says; it is tried again at the next sync."
    OUT_ROUNDTRIP_DIFF = "OUT_ROUNDTRIP_DIFF", Severity.WARNING, "the order's item differs from the cart's", "Compare the fields named in the detail."
    OUT_BLOCKED = "OUT_BLOCKED", Severity.WARNING, "sending is held by a switch, a cap or a failed check", "See `punchout outbox show`; release it when the cause is gone."
    OUT_ALREADY_SENT = "OUT_ALREADY_SENT", Severity.CRITICAL, "a second new order for one purchase order", "Do not send; find out which order is wanted."
    ORDER_ADOPTED = "ORDER_ADOPTED", Severity.INFO, "ordered before this system took over; tracked, never sent", "Nothing to do."
    SEND_PERMANENT = "SEND_PERMANENT", Severity.ERROR, "the supplier refused the order", "Read the answer in the detail, correct the cause, then decide on a new order."
    SEND_RETRYING = "SEND_RETRYING", Severity.INFO, "the order did not leave and will be tried again", "Nothing to do."
    SEND_AMBIGUOUS = "SEND_AMBIGUOUS", Severity.ERROR, "it is not known whether the supplier has the order", "Do not resend. Look for the purchase order at the supplier; then, for an order sent from here, `punchout outbox resolve`."
    CONF_OVERDUE = "CONF_OVERDUE", Severity.WARNING, "no confirmation within the expected time", "Look for the order at the supplier; ask where the confirmation is."
    CONF_REJECTED_ORDER = "CONF_REJECTED_ORDER", Severity.ERROR, "the supplier rejected the whole order", "See the supplier's code; order elsewhere or close the request."
    CONF_REJECTED_LINE = "CONF_REJECTED_LINE", Severity.ERROR, "the supplier rejected a line or a part of it", "See the supplier's code; order elsewhere or close the rest of the line."
    CONF_REJECT_AFTER_ACCEPT = "CONF_REJECT_AFTER_ACCEPT", Severity.ERROR, "a rejection without items after lines were accepted", "Ask the supplier which lines still stand."
    CONF_PARTIAL_QTY = "CONF_PARTIAL_QTY", Severity.WARNING, "less was accepted than ordered", "Wait for the rest, or close it."
    CONF_QTY_SUM = "CONF_QTY_SUM", Severity.WARNING, "the status quantities do not add up to the line's", "Ask the supplier about the missing quantity."
    CONF_OVER_ORDERED = "CONF_OVER_ORDERED", Severity.ERROR, "more was confirmed than ordered", "Ask the supplier to correct the confirmation."
    CONF_PRICE_UP = "CONF_PRICE_UP", Severity.ERROR, "the confirmed price is above the ordered price", "Accept the price or cancel at the supplier."
    CONF_PRICE_DOWN = "CONF_PRICE_DOWN", Severity.INFO, "the confirmed price is below the ordered price", "Nothing to do."
    CONF_DATE_SLIP = "CONF_DATE_SLIP", Severity.WARNING, "the promised delivery is later than expected", "Tell the requester."
    CONF_BACKORDER = "CONF_BACKORDER", Severity.WARNING, "a quantity is backordered", "Wait, or cancel at the supplier."
    SUBSTITUTION = "SUBSTITUTION", Severity.ERROR, "another part was confirmed than ordered", "Accept the substitute or cancel at the supplier."
    CONF_STALE_VERSION = "CONF_STALE_VERSION", Severity.INFO, "an older version arrived after a newer one", "Nothing to do."
    SHIP_OVERDUE = "SHIP_OVERDUE", Severity.WARNING, "the promised date has passed and nothing shipped", "Ask the supplier where the shipment is."
    SHIP_OVER_QTY = "SHIP_OVER_QTY", Severity.ERROR, "more was shipped than accepted", "Count the receipt; return or accept the excess."
    SHIP_REJECTED_LINE = "SHIP_REJECTED_LINE", Severity.ERROR, "a rejected line was shipped", "Decide whether to keep the goods."
    SHIP_WHOLE_ORDER_IMPLIED = "SHIP_WHOLE_ORDER_IMPLIED", Severity.WARNING, "a ship notice without items was read as the whole order", "Check the receipt against the order."
    SHIP_DATE_ORDER = "SHIP_DATE_ORDER", Severity.WARNING, "delivery before shipment, or shipment before the order", "Check the dates with the supplier."
    SHIP_DELETED_AFTER_RECEIPT = "SHIP_DELETED_AFTER_RECEIPT", Severity.ERROR, "a shipment was withdrawn after it was received", "Check the receipt in Business Central."
    TRACKING_MISSING = "TRACKING_MISSING", Severity.INFO, "a shipment without a tracking number", "Nothing to do."
    TRACKING_SHARED = "TRACKING_SHARED", Severity.WARNING, "one tracking number on unrelated orders", "Check which order the parcel belongs to."
    UOM_UNMAPPED = "UOM_UNMAPPED", Severity.ERROR, "a unit of measure that cannot be compared", "Add it to the unit map."
    UOM_CHANGED = "UOM_CHANGED", Severity.ERROR, "another unit of measure than ordered", "Agree on the unit with the supplier before matching quantities."
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH", Severity.ERROR, "another currency than ordered", "Do not pay; ask for a corrected document."
    ORDER_REF_CONFLICT = "ORDER_REF_CONFLICT", Severity.ERROR, "a document names two different orders", "Decide which order it belongs to."
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND", Severity.WARNING, "no order is known for the document", "Wait for the purchase order, or link the document by hand."
    ORPHAN_EXPIRED = "ORPHAN_EXPIRED", Severity.ERROR, "no order was found for the document in time", "Link the document by hand or dismiss it."
    LINE_NOT_FOUND = "LINE_NOT_FOUND", Severity.ERROR, "a line that is not in the order", "Compare with the order; link the line by hand or ask the supplier."
    LINE_PART_CONFLICT = "LINE_PART_CONFLICT", Severity.ERROR, "line number and part id point at different lines", "Decide which line is meant."
    MATCH_AMBIGUOUS = "MATCH_AMBIGUOUS", Severity.ERROR, "several lines fit equally well", "Decide which line is meant."
    MATCH_LOW_CONFIDENCE = "MATCH_LOW_CONFIDENCE", Severity.WARNING, "a likely line was found, but not surely enough", "Put it there with `punchout decide link`, or let it be with `punchout decide waive`."
    INV_DUPLICATE = "INV_DUPLICATE", Severity.WARNING, "the same invoice under a new payloadID", "Nothing to do; it was counted once."
    INV_ID_REUSED = "INV_ID_REUSED", Severity.CRITICAL, "an invoice number seen before, with another body", "Do not pay; compare both invoices."
    INV_ALREADY_POSTED_BC = "INV_ALREADY_POSTED_BC", Severity.ERROR, "the invoice is already posted in Business Central", "Do not post it again."
    INV_SUSPECT_DUPLICATE = "INV_SUSPECT_DUPLICATE", Severity.WARNING, "another invoice bills the same lines and amount", "Do not pay before both are compared."
    INV_TOTAL_MISMATCH = "INV_TOTAL_MISMATCH", Severity.ERROR, "the invoice's totals do not add up", "Ask for a corrected invoice."
    INV_LINE_MATH = "INV_LINE_MATH", Severity.WARNING, "quantity times price is not the line's amount", "Check the line before paying."
    INV_PRICE_VARIANCE = "INV_PRICE_VARIANCE", Severity.ERROR, "the invoiced price differs beyond tolerance", "Accept the price or dispute the invoice."
    INV_QTY_OVER = "INV_QTY_OVER", Severity.ERROR, "more is invoiced than accepted or ordered", "Dispute the excess."
    INV_TAX_VARIANCE = "INV_TAX_VARIANCE", Severity.WARNING, "the invoiced tax differs beyond tolerance", "Check the tax."
    INV_CHARGE_UNEXPECTED = "INV_CHARGE_UNEXPECTED", Severity.WARNING, "a charge that was not confirmed", "Accept or dispute the charge."
    INV_BEFORE_SHIP = "INV_BEFORE_SHIP", Severity.WARNING, "invoiced, and not shipped within the wait window", "Do not pay before the ship notice or the receipt."
    INV_NOT_RECEIVED = "INV_NOT_RECEIVED", Severity.WARNING, "invoiced and delivered, and not received", "Post the receipt or ask the requester."
    INV_REJECTED_LINE = "INV_REJECTED_LINE", Severity.ERROR, "a rejected or cancelled line is billed", "Dispute the line."
    INV_DELETE_ORPHAN = "INV_DELETE_ORPHAN", Severity.WARNING, "the withdrawal of an invoice that is not known", "Wait for the invoice, or dismiss it."
    CREDIT_UNREFERENCED = "CREDIT_UNREFERENCED", Severity.ERROR, "a credit for an invoice that is not known", "Find the invoice it belongs to."
    CREDIT_OVER = "CREDIT_OVER", Severity.ERROR, "more is credited than was invoiced", "Ask the supplier."
    CREDIT_HEADER_ONLY = "CREDIT_HEADER_ONLY", Severity.WARNING, "a credit without lines", "Allocate it to lines."
    CREDIT_EXPECTED = "CREDIT_EXPECTED", Severity.INFO, "a credit is expected", "Wait for the credit."
    BC_PO_MISSING = "BC_PO_MISSING", Severity.ERROR, "a sent order whose purchase order is missing in Business Central", "Look for the purchase order."
    BC_LINE_MISSING = "BC_LINE_MISSING", Severity.ERROR, "an ordered line that is missing in Business Central", "Look for the line."
    BC_CANCELLED_NOT_AT_AMAZON = "BC_CANCELLED_NOT_AT_AMAZON", Severity.CRITICAL, "cancelled in Business Central, and not at the supplier", "Cancel at the supplier."
    BC_QTY_PRICE_DRIFT = "BC_QTY_PRICE_DRIFT", Severity.WARNING, "the purchase order was changed after it was sent", "Undo the change, or cancel at the supplier and order anew."
    BC_STATUS_UNEXPECTED = "BC_STATUS_UNEXPECTED", Severity.WARNING, "sent while the purchase order is not released", "Check the purchase order's status."
    BC_WRITE_CONFLICT = "BC_WRITE_CONFLICT", Severity.WARNING, "Business Central holds another value than expected", "Decide which value stands."
    BC_WRITE_REJECTED = "BC_WRITE_REJECTED", Severity.ERROR, "Business Central refused an update", "Read its answer; correct and release the update."
    BC_FIELD_TRUNCATED = "BC_FIELD_TRUNCATED", Severity.INFO, "a text was longer than its field", "Nothing to do; the full text is kept here."
    MULTI_VALUE_PROJECTED = "MULTI_VALUE_PROJECTED", Severity.INFO, "several values were folded into one field", "See the children for all values."
    DECISION_UNPLACED = "DECISION_UNPLACED", Severity.WARNING, "a person decided about an order or a line that the request has not", "Decide again about the line that is meant, then let this be with `punchout decide waive`."
    # fmt: on
