"""Which of several versions stands: rows of Business Central, and carts.

The choice never looks at the order of arrival: the highest stated time wins, ties fall to the content's hash.
Versions of confirmations, ship notices and invoices need their own rules and live in `punchout.reconciliation`.
"""

from collections.abc import Iterable
from typing import TypeVar

from punchout.model.business_central import BcRequest
from punchout.model.documents import Cart
from punchout.model.history import RequestHistory, Stated

T = TypeVar("T")


def current(versions: Iterable[Stated[T]]) -> Stated[T] | None:
    """Return the version of a row that stands: highest version time, then highest body hash; None of none."""
    return max(versions, key=lambda stated: (stated.source.version, stated.source.body_sha256), default=None)


def carts_of_sessions(history: RequestHistory, request: BcRequest | None) -> tuple[Stated[Cart], ...]:
    """Return the carts that count for a request: those of its sessions, or all of them where it has none.

    A session that was opened here outranks the one that Business Central names. An empty cart says that the user left
    without anything (cXML Reference Guide, `create`), so it counts only where no other has lines.
    """
    ours = {session.buyer_cookie for session in history.sessions}
    theirs = request.buyer_cookie if request is not None else None
    if theirs is None and not ours:
        return history.carts
    opened_here = [one for one in history.carts if one.body.buyer_cookie in ours]
    named = [one for one in history.carts if theirs is not None and one.body.buyer_cookie == theirs]
    filled = ([one for one in carts if one.body.lines] for carts in (opened_here, named))
    return tuple(next((carts for carts in filled if carts), opened_here + named))
