"""Confirmations: which quantity of which line was accepted, rejected or backordered.

Several confirmations with different confirmIDs add up, since one purchase order becomes several of the supplier's
orders. That is Amazon's habit. Which confirmations count is `versions`, also under cXML's own rule, by which an accept
or reject discards all before it.
"""

from collections.abc import Iterable

from punchout.model.documents import Confirmation, ConfirmationItem
from punchout.model.exact import Millionths
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.line_map import MappedLine
from punchout.reconciliation.placing import Mention, Terms, place
from punchout.reconciliation.results import Link
from punchout.reconciliation.shares import ConfirmedShare, Decision, Shared, sure_link
from punchout.reconciliation.statements import Statement, in_place, stated_at

DECIDES: dict[str, Decision] = {
    "accept": Decision.ACCEPTED,
    "detail": Decision.ACCEPTED,
    "allDetail": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "backordered": Decision.BACKORDERED,
}
"""`ConfirmationStatus/@type`; `unknown` and `requestToPay` decide nothing."""

HEADER_DECIDES: dict[str, Decision] = {
    "accept": Decision.ACCEPTED,
    "except": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "backordered": Decision.BACKORDERED,
}
"""`ConfirmationHeader/@type` about lines that are not named; `detail` and `allDetail` leave them as they are."""


def confirmed(
    current: tuple[Statement[Confirmation], ...],
    lines: tuple[MappedLine, ...],
    ladder: Ladder,
    terms: Terms,
) -> Shared[ConfirmedShare]:
    """Return the decided quantities.

    Args:
        current: the confirmations that stand, oldest first.
        lines: the order's lines, empty where they are not known.
        ladder: the same lines, indexed.
        terms: what `placing` goes by.
    """
    items = [(statement, item) for statement in current for item in in_place(statement.body.items)]
    placed = place([_mention(*one) for one in items], ladder, {line.key: line.ordered for line in lines}, terms)
    shares: list[ConfirmedShare] = []
    for statement, item in items:
        line_key = placed.lines.get((statement.body_sha256, (item.ordinal,)))
        if line_key is not None:
            shares.extend(_shares(statement, item, line_key))
    swept, sweeping = _sweep(current, lines, {share.line_key for share in shares})
    return Shared((*shares, *swept), (*placed.links, *sweeping), placed.unmatched, placed.suggestions)


def substitutes(shares: Iterable[ConfirmedShare]) -> dict[str, frozenset[str]]:
    """Return the parts that confirmations declare instead of a line's own, by line key."""
    found: dict[str, set[str]] = {}
    for share in shares:
        other = share.status.substitute if share.status is not None else None
        if other is not None and other.supplier_part_id is not None:
            found.setdefault(share.line_key, set()).add(other.supplier_part_id)
    return {key: frozenset(parts) for key, parts in found.items()}


def stated_prices(shares: Iterable[ConfirmedShare]) -> dict[str, frozenset[Millionths]]:
    """Return the prices that acceptances state, by line key."""
    found: dict[str, set[Millionths]] = {}
    for share in shares:
        price = share.status.unit_price if share.status is not None else None
        if price is not None and share.decision is Decision.ACCEPTED:
            found.setdefault(share.line_key, set()).add(price.amount)
    return {key: frozenset(prices) for key, prices in found.items()}


def _sweep(
    current: tuple[Statement[Confirmation], ...], lines: tuple[MappedLine, ...], named: set[str]
) -> tuple[list[ConfirmedShare], list[Link]]:
    """Apply headers that speak of every line, oldest first: each takes the lines that nobody has decided yet.

    A backorder decides only until an acceptance or rejection comes.
    """
    settled, waiting = set(named), set(named)
    shares: list[ConfirmedShare] = []
    links: list[Link] = []
    for statement in current:
        body = statement.body
        decision = HEADER_DECIDES.get(body.type)
        taken = waiting if decision is Decision.BACKORDERED else settled
        if decision is None or (body.items and body.type != "except"):
            swept = []
        else:
            swept = [_swept(statement, line, decision) for line in lines if line.key not in taken and line.ordered > 0]
        shares.extend(swept)
        links.extend(
            sure_link("HEADER", "confirmation", statement.body_sha256, (), share.line_key, share.quantity)
            for share in swept
        )
        if not swept and not body.items:
            links.append(sure_link("ORDER", "confirmation", statement.body_sha256, ()))
        newly = {share.line_key for share in swept}
        waiting |= newly
        settled |= newly if decision is not Decision.BACKORDERED else set()
    return shares, links


def _swept(statement: Statement[Confirmation], line: MappedLine, decision: Decision) -> ConfirmedShare:
    return ConfirmedShare(
        line_key=line.key,
        ordinals=(),
        quantity=line.ordered,
        decision=decision,
        statement=statement,
        status=None,
    )


def _shares(statement: Statement[Confirmation], item: ConfirmationItem, line_key: str) -> list[ConfirmedShare]:
    return [
        ConfirmedShare(
            line_key=line_key,
            ordinals=(item.ordinal, status.ordinal),
            quantity=status.quantity.value,
            decision=DECIDES[status.type],
            statement=statement,
            status=status,
        )
        for status in in_place(item.statuses)
        if status.type in DECIDES
    ]


def _mention(statement: Statement[Confirmation], item: ConfirmationItem) -> Mention:
    substituted = any(status.substitute is not None for status in item.statuses)
    prices = {status.unit_price.amount for status in item.statuses if status.unit_price is not None}
    units = sorted({status.unit for status in item.statuses if status.unit is not None})
    return Mention(
        kind="confirmation",
        body_sha256=statement.body_sha256,
        ordinals=(item.ordinal,),
        clue=Clue(
            line_number=item.line_number,
            part=item.part,
            substituted=substituted,
            quantity=item.quantity.value,
            price=prices.pop() if len(prices) == 1 else None,
        ),
        quantity=item.quantity.value,
        # The status carries the unit that its quantity is in; the item's repeats the order's.
        unit=units[0] if len(units) == 1 else item.unit,
        since=stated_at(statement.body.notice, statement.received),
    )
