"""The profile in which Business Central sends the orders itself: any script, recast for it.

What Amazon does to an order of ours has no meaning then: who would have been refused, in doubt or held back is cast as
plain. Drawn here is how each order's lines are numbered and whether we get its copy: who, by the place in the script,
and never how many.
"""

from dataclasses import replace

from punchout.sandbox.plan import Numbering, Request, Script

_AT_ONCE, _LATER = 0, 1
_EIGHT = 8  # of eight orders one copy comes a round late and one never
_LATE, _NEVER = 2, 6
_NUMBERINGS: tuple[Numbering, ...] = ("backwards", "sequence", "order")
_WAITING_CARTS = {"cart just in time", "cart that expires"}  # a cart's age is Business Central's concern then


def sent_by_business_central(script: Script) -> Script:
    """Return the script with Business Central as the sender of its orders."""
    requests = []
    drawn = 0
    for request in script.requests:
        recast = _recast(request)
        if _may_do_without(recast):
            recast = replace(recast, copied=_copied(drawn), numbering=_numbering(drawn))
            drawn += 1
        elif recast.cancelled is not None:
            # Emptied later, its purchase order could no longer say what was ordered.
            recast = replace(recast, copied=_AT_ONCE)
        requests.append(recast)
    return replace(script, requests=tuple(requests), sent_by="bc")


def _recast(request: Request) -> Request:
    if request.answer == "accept" and not request.manual and request.about not in _WAITING_CARTS:
        return request
    return replace(
        request,
        about="plain" if request.documents else "never confirmed",
        answer="accept",
        manual=False,
        send=None,
        submitted=request.submitted or request.released,
    )


def _may_do_without(request: Request) -> bool:
    """Say whether it is left to the draw if a copy comes: not where none could, nor where one has to."""
    before_us = request.released_at is not None or request.confirmed_before
    return request.ordered is not None and request.cancelled is None and not before_us


def _copied(drawn: int) -> int | None:
    return {_LATE: _LATER, _NEVER: None}.get(drawn % _EIGHT, _AT_ONCE)


def _numbering(drawn: int) -> Numbering:
    """Number what is never copied as the purchase order does: nobody could know it otherwise."""
    return "order" if _copied(drawn) is None else _NUMBERINGS[drawn % len(_NUMBERINGS)]
