"""The profile in which Business Central sends the orders itself: any script, recast for it.

What Amazon does to an order of ours has no meaning then: who would have been in doubt or held back is cast as plain.
Who would have been refused is refused later, by a status update, and who is said to have been processed already is left
in doubt by one until the confirmation comes. Drawn here is how each order's lines are numbered, whether we get its
copy, whether twice, and whether Amazon says that it took it: who, by the place in the script, and never how many.
"""

from dataclasses import replace
from typing import Literal

from punchout.sandbox.plan import Numbering, Request, Script

_AT_ONCE, _LATER = 0, 1
_EIGHT = 8  # of eight orders one copy comes a round late and one never
_LATE, _NEVER = 2, 4
_FIVE, _SEVEN = 5, 7  # of five orders one is said to be taken
_NUMBERINGS: tuple[Numbering, ...] = ("backwards", "sequence", "order")
_AGAIN: dict[int, Literal["twice", "rewritten"]] = {3: "twice", 5: "rewritten"}  # of seven orders
_TAKEN, _REFUSED, _DOUBTED = ((0, 201), (1, 200)), ((0, 201), (1, 400)), ((1, 500),)
_WAITING_CARTS = {"cart just in time", "cart that expires"}  # a cart's age is Business Central's concern then


def sent_by_business_central(script: Script) -> Script:
    """Return the script with Business Central as the sender of its orders."""
    requests = []
    drawn = 0
    for request in script.requests:
        recast = _recast(request)
        if _may_do_without(recast):
            recast = _drawn(recast, drawn)
            drawn += 1
        elif recast.cancelled is not None or recast.told:
            # Emptied later, its purchase order could no longer say what was ordered. What is said of an order names it
            # by its payloadID.
            recast = replace(recast, copied=_AT_ONCE)
        requests.append(recast)
    return replace(script, requests=tuple(requests), sent_by="bc")


def _recast(request: Request) -> Request:
    if request.answer == "accept" and not request.manual and request.about not in _WAITING_CARTS:
        return request
    told = {"refuse": _REFUSED, "already": _DOUBTED}.get(request.answer, ())
    names = {"refuse": "refused later", "already": "in doubt until confirmed"}
    return replace(
        request,
        about=names.get(request.answer) or ("plain" if request.documents else "never confirmed"),
        told=told,
        answer="accept",
        manual=False,
        send=None,
        submitted=request.submitted or request.released,
    )


def _may_do_without(request: Request) -> bool:
    """Say whether it is left to the draw if a copy comes: not where none could, nor where one has to."""
    before_us = request.released_at is not None or request.confirmed_before
    return request.ordered is not None and request.cancelled is None and not request.told and not before_us


def _drawn(request: Request, place: int) -> Request:
    copied = _copied(place)
    if copied is None:
        return replace(request, copied=None, numbering=_numbering(place))
    told = _TAKEN if place % _FIVE == 0 else ()
    return replace(request, copied=copied, numbering=_numbering(place), again=_AGAIN.get(place % _SEVEN), told=told)


def _copied(drawn: int) -> int | None:
    return {_LATE: _LATER, _NEVER: None}.get(drawn % _EIGHT, _AT_ONCE)


def _numbering(drawn: int) -> Numbering:
    """Number what is never copied as the purchase order does: nobody could know it otherwise."""
    return "order" if _copied(drawn) is None else _NUMBERINGS[drawn % len(_NUMBERINGS)]
