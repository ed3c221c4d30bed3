"""Ship notices: which quantity of which line was shipped, is planned, or went back.

A `ShipNoticePortion` without items means the entire order (cXML `ShipNoticePortion`): it ships what the itemised
notices and older whole shipments have left open. Which versions count is `versions`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from punchout.model.documents import ShipItem, ShipNotice, ShipPortion
from punchout.model.exact import Millionths
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.part_codes import codes_of
from punchout.reconciliation.placing import Mention, Terms, place
from punchout.reconciliation.results import Link
from punchout.reconciliation.shares import Movement, Shared, ShippedShare, sure_link
from punchout.reconciliation.statements import Statement, in_place, stated_at


def shipped(
    current: tuple[Statement[ShipNotice], ...],
    expected: Mapping[str, Millionths],
    ladder: Ladder,
    terms: Terms,
) -> Shared[ShippedShare]:
    """Return the moved quantities.

    Args:
        current: the ship notices that stand, oldest first.
        expected: what each live line should bring: accepted where a confirmation names it, else ordered.
        ladder: the order's lines, indexed.
        terms: what `placing` goes by.
    """
    portions = [(statement, portion) for statement in current for portion in in_place(statement.body.portions)]
    whole = [(statement, portion) for statement, portion in portions if not portion.items]
    items = [
        (statement, (portion.ordinal, item.ordinal), item)
        for statement, portion in portions
        for item in in_place(portion.items)
    ]
    placed = place([_mention(*one) for one in items], ladder, expected, terms)
    shares: list[ShippedShare] = []
    for statement, ordinals, item in items:
        line_key = placed.lines.get((statement.body_sha256, ordinals))
        if line_key is not None:
            shares.append(_share(statement, ordinals, line_key, item.quantity.value))
    expanded, expanding = _expand(whole, expected, shares)
    return Shared((*shares, *expanded), (*placed.links, *expanding), placed.unmatched, placed.suggestions)


def shipped_lines(shares: Iterable[ShippedShare]) -> dict[str, dict[int | None, frozenset[str]]]:
    """Return the lines that each shipmentID moved, by the ship notice's own line number; None is all of it."""
    found: dict[str, dict[int | None, frozenset[str]]] = {}
    for share in shares:
        of_shipment = found.setdefault(share.statement.body.shipment_id or "", {})
        for number in {None, _own_number(share)}:
            of_shipment[number] = of_shipment.get(number, frozenset()) | {share.line_key}
    return found


def _own_number(share: ShippedShare) -> int | None:
    places: dict[tuple[int, ...], int | None] = {
        (portion.ordinal, item.ordinal): item.ship_notice_line_number
        for portion in share.statement.body.portions
        for item in portion.items
    }
    return places.get(share.ordinals)


def movement_of(notice: ShipNotice) -> Movement:
    """Return what the notice's quantities mean."""
    if notice.reason == "return":
        return Movement.RETURNED
    return Movement.PLANNED if notice.type == "planned" else Movement.SHIPPED


def _expand(
    whole: list[tuple[Statement[ShipNotice], ShipPortion]],
    expected: Mapping[str, Millionths],
    itemised: list[ShippedShare],
) -> tuple[list[ShippedShare], list[Link]]:
    moved: Counter[tuple[str, Movement]] = Counter()
    for share in itemised:
        moved[share.line_key, share.movement] += share.quantity
    shares: list[ShippedShare] = []
    links: list[Link] = []
    # What goes back as a whole is what was shipped, so shipments come first.
    for statement, portion in sorted(whole, key=lambda one: movement_of(one[0].body) is Movement.RETURNED):
        movement = movement_of(statement.body)
        for key, limit in expected.items():
            was_shipped = moved[key, Movement.SHIPPED]
            back = movement is Movement.RETURNED
            is_open = max(0, was_shipped - moved[key, Movement.RETURNED] if back else limit - was_shipped)
            moved[key, movement] += is_open
            shares.append(_share(statement, (portion.ordinal,), key, is_open))
            links.append(sure_link("WHOLE", "ship_notice", statement.body_sha256, (portion.ordinal,), key, is_open))
        if not expected:
            links.append(sure_link("ORDER", "ship_notice", statement.body_sha256, (portion.ordinal,)))
    return shares, links


def _share(
    statement: Statement[ShipNotice], ordinals: tuple[int, ...], line_key: str, quantity: Millionths
) -> ShippedShare:
    return ShippedShare(
        line_key=line_key,
        ordinals=ordinals,
        quantity=quantity,
        movement=movement_of(statement.body),
        statement=statement,
    )


def _mention(statement: Statement[ShipNotice], ordinals: tuple[int, ...], item: ShipItem) -> Mention:
    back = movement_of(statement.body) is Movement.RETURNED
    return Mention(
        kind="ship_notice",
        body_sha256=statement.body_sha256,
        ordinals=ordinals,
        clue=Clue(
            line_number=item.line_number,
            part=item.part,
            quantity=-item.quantity.value if back else item.quantity.value,
            codes=codes_of(item.extrinsics),
        ),
        quantity=item.quantity.value,
        unit=item.unit,
        since=stated_at(statement.body.notice, statement.received),
    )
