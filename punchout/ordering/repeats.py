"""When an order may be repeated by itself: only to a supplier that was shown to take repeats for one order.

At most three times, after a wait of chance length below 1, 4 and 16 minutes, and within 20 hours of the first attempt,
since no supplier remembers payloadIDs for ever. What calls for a repetition is `answers`; who was shown to deserve
it is recorded in the ledger.
"""

import hashlib

from punchout.model.moments import HOUR, Micros

LONGEST: Micros = 20 * HOUR
"""From the first attempt; later repetitions are not made."""

_WAITS = (60, 240, 960)


def wait_before(repetition: int, payload_id: str) -> int | None:
    """Return how many seconds to wait before a repetition, counted from 1; None where it is one too many.

    The chance is drawn from the order itself, so that a replay waits as long, and two orders do not come back at once.
    """
    if repetition > len(_WAITS):
        return None
    drawn = hashlib.sha256(f"{payload_id}#{repetition}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") * _WAITS[repetition - 1] // 2**64


def is_in_time(first_attempt_at: Micros, at: Micros) -> bool:
    """Tell whether the supplier can still be trusted to know the first attempt."""
    return at - first_attempt_at <= LONGEST
