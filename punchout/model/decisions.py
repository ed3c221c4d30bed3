"""What a named person decided about a request: facts that outrank every rule, and survive a replay.

A decision is never changed; a later one about the same subject stands in its place. What each of them does to a result
is `punchout.reconciliation.rulings`; how one is made and kept is `punchout.ledger`.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from punchout.model.exact import Millionths
from punchout.model.moments import Micros

DecisionKind: TypeAlias = Literal["link", "unlink", "waive", "accept_price", "close_line", "ignore_doc", "acknowledge"]

_BODY_SHA256 = re.compile(r"[0-9a-f]{64}(?=#|$)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystDecision:
    """One decision. Subjects are named as exceptions name them, so that what is shown can be decided on.

    Attributes:
        kind: `link` puts a place of a document on a line, `unlink` takes it off every line; `waive` ends an exception
            and `acknowledge` only says that somebody knows of it; `accept_price` agrees to a unit price of a line;
            `close_line` says that nothing more will come of a line; `ignore_doc` has a document count for nothing.
        subject: for link and unlink the place, `body hash#ordinals`; for waive and acknowledge the subject key of the
            exception; for accept_price and close_line the line, `request number/line key`; for ignore_doc the
            document's body hash.
        by: who.
        at: when, microseconds UTC.
        reason: why, in their words.
        line_key: link only: the line.
        code: waive and acknowledge only: the exception's code.
        price: accept_price only: of one piece, in the line's currency.
    """

    kind: DecisionKind
    subject: str
    by: str
    at: Micros
    reason: str
    line_key: str | None = None
    code: str | None = None
    price: Millionths | None = None


def owner_of(subject: str) -> str:
    """Return what a subject is looked up by: a document's body hash, or what stands before the last slash.

    For a line that is its request's number. The number of a request may hold a slash itself: whoever looks for
    decisions about a request asks for its number and for the owner of its number.
    """
    found = _BODY_SHA256.match(subject)
    return found.group() if found is not None else subject.rpartition("/")[0] or subject
