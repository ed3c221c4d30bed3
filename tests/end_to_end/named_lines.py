"""On which lines of a request a mistake must show, by the script alone: what was cast, never what the product answered.

How the product is broken is in `broken_mechanisms`. Lines are places in the cart, from 1.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from punchout.sandbox.fold import arrived, said
from punchout.sandbox.plan import (
    Confirmation,
    Document,
    Invoice,
    Kind,
    Request,
    Script,
    Shipment,
    Status,
    delivered,
    replaced_by,
)

Naming = Callable[[Script, Request], set[int]]
"""The lines of a request that a mistake touches."""

_REFUSED = 400  # from which Status code on an order is no longer taken


def of_accidents(*kinds: Kind) -> Naming:
    """Name the lines of the documents that accidents of some kinds are made from: these lines are spoken of again."""

    def named(script: Script, request: Request) -> set[int]:
        made_from = [one.of for one in script.accidents if one.kind in kinds and one.of is not None]
        return {line for number, at in made_from if number == request.number for line in _says(request.documents[at])}

    return named


def dated_oddly(script: Script, request: Request) -> set[int]:
    """Name every line of a shipment or invoice with odd stamps, for their dates stand in the header.

    No line shows when it was confirmed, so a confirmation's own odd stamps show on none.
    """
    return {line for one in _dated(script, request) if one.clock.startswith("bogus") for line in _says(one)}


def rejected(script: Script, request: Request) -> set[int]:
    """Name the lines that are rejected in any round; what comes after its replacement never stands."""
    stood = [one for at in range(1, len(script.rounds) + 1) for one in said(request, at)]
    statuses = [status for one in stood if isinstance(one, Confirmation) for status in one.statuses]
    return {status.line for status in statuses if status.kind == "reject"}


def credited(script: Script, request: Request) -> set[int]:
    """Name the lines whose money comes back, by a credit memo or within an invoice."""
    bills = [one for one in arrived(request, len(script.rounds)) if isinstance(one, Invoice)]
    return {line for one in bills for line, quantity in one.items if quantity < 0}


def overtaken(script: Script, request: Request) -> set[int]:
    """Name the lines of which a version that comes after its replacement says other things than the replacement.

    When a shipment leaves and arrives is said of each of its lines, so all lines of both versions differ.
    """
    pairs = [(old, new) for old, new in _versions(script, request) if delivered(old) > delivered(new)]
    return {
        line
        for old, new in pairs
        for line in _says(old).keys() | _says(new).keys()
        if _says(old).get(line) != _says(new).get(line)
    }


def shipped_before_a_new_version(script: Script, request: Request) -> set[int]:
    """Name the lines of a shipment that is replaced or taken back; what only its replacement names counts once."""
    return {line for old, _new in _versions(script, request) if isinstance(old, Shipment) for line in _says(old)}


def ordered_before_the_cutover(script: Script, request: Request) -> set[int]:
    """Name every line of an order from before the cut-over, for an order leaves as a whole or not at all.

    Left out is what Business Central holds confirmed: that alone keeps the order here, whatever the cut-over.
    """
    kept_back = script.placed_elsewhere(request) and not request.confirmed_before
    return set(range(1, len(request.lines) + 1)) if kept_back else set()


def split_at_once(script: Script, request: Request) -> set[int]:
    """Name the lines of which one confirmation takes parts for several Amazon orders: its header names one of them."""
    return {line for one in _confirmations(script, request) for line in _over_several_orders([one])}


def over_several_orders(script: Script, request: Request) -> set[int]:
    """Name the lines of which several Amazon orders hold a part in the end, whatever told of them."""
    return _over_several_orders(_confirmations(script, request))


def none(_: Script, __: Request) -> set[int]:
    """Name no line: what the mistake touches is the request's."""
    return set()


def confirmed_for_several_orders_at_once(script: Script, request: Request) -> bool:
    """Say whether one confirmation speaks for several Amazon orders, be it each for lines of its own."""
    found = [{status.via for status in _taken(one)} for one in _confirmations(script, request)]
    return any(len(orders) > 1 for orders in found)


def told_of_a_refusal(_: Script, request: Request) -> bool:
    """Say whether a status update says that the order was not taken, or may not have been."""
    return any(code >= _REFUSED for _, code in request.told)


def _dated(script: Script, request: Request) -> list[Shipment | Invoice]:
    return [one for one in arrived(request, len(script.rounds)) if not isinstance(one, Confirmation)]


def _confirmations(script: Script, request: Request) -> list[Confirmation]:
    """Give those that stand in the end."""
    return [one for one in said(request, len(script.rounds)) if isinstance(one, Confirmation)]


def _taken(confirmation: Confirmation) -> list[Status]:
    return [status for status in confirmation.statuses if status.kind != "reject"]


def _over_several_orders(confirmations: list[Confirmation]) -> set[int]:
    orders: dict[int, set[int]] = defaultdict(set)
    for status in (status for one in confirmations for status in _taken(one)):
        orders[status.line].add(status.via)
    return {line for line, found in orders.items() if len(found) > 1}


def _versions(script: Script, request: Request) -> Iterator[tuple[Document, Document]]:
    """Pair each document that is replaced with the one that replaces it, where both arrive."""
    here = arrived(request, len(script.rounds))
    for new in here:
        at = replaced_by(new)
        if at is not None and request.documents[at] in here:
            yield request.documents[at], new


def _says(document: Document) -> dict[int, set[object]]:
    """Give what a document says of each line that it names."""
    found: dict[int, set[object]] = defaultdict(set)
    if isinstance(document, Confirmation):
        for status in document.statuses:
            found[status.line].add(status)
        return found
    when = (document.ships, document.arrives) if isinstance(document, Shipment) else (document.dated,)
    for line, quantity in document.items:
        found[line].add((quantity, *when))
    return found
