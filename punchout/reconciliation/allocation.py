"""Which quantity pays for which: shipments fill the order, invoices fill shipments, credits take invoices back.

Oldest first, and never more than is open: what is left over is allocated to nothing and stands as `excess`, for which
an exception says how much is too much. Positions count everything that is stated; here it is only told apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from punchout.model.exact import Millionths
from punchout.reconciliation.accounts import Allocation, AllocationBase, DocumentKind
from punchout.reconciliation.positions import Quantities
from punchout.reconciliation.shares import InvoicedShare, Movement, ShippedShare
from punchout.reconciliation.statements import moment_order


@dataclass(slots=True)
class _Well:
    """Something that is open for a quantity. Not shared: it is emptied while one line is allocated."""

    base: AllocationBase
    open: Millionths
    body_sha256: str = ""
    ordinals: tuple[int, ...] = ()


def allocations(
    key: str, numbers: Quantities, shipped: list[ShippedShare], invoiced: list[InvoicedShare], zone: ZoneInfo
) -> tuple[Allocation, ...]:
    """Allocate one line's shipments, invoices and credits."""
    ships = sorted(
        (share for share in shipped if share.movement is Movement.SHIPPED), key=lambda share: _ship_order(share, zone)
    )
    bills = sorted(invoiced, key=lambda share: _bill_order(share, zone))
    expected = max(0, numbers.effective)
    found = list(_pour("ship_notice", ships, [_Well("order", expected + numbers.returned)], key))
    arrived = [_Well("shipment", one.quantity, one.body_sha256, one.ordinals) for one in found if one.base != "excess"]
    rest = max(0, expected + numbers.credited - sum(well.open for well in arrived))
    billed = list(
        _pour("invoice", [share for share in bills if share.quantity > 0], [*arrived, _Well("order", rest)], key)
    )
    back = [share for share in bills if share.quantity < 0]
    wells = [
        _Well("invoice", share.quantity, share.statement.body_sha256, share.ordinals)
        for share in bills
        if share.quantity > 0
    ]
    return (*found, *billed, *_pour("invoice", back, wells, key))


def _pour(
    kind: DocumentKind, shares: Iterable[ShippedShare] | Iterable[InvoicedShare], wells: list[_Well], key: str
) -> Iterator[Allocation]:
    for share in shares:
        left = abs(share.quantity)
        for well in [*wells, _Well("excess", left)]:
            taken = min(left, well.open)
            if taken > 0:
                well.open -= taken
                left -= taken
                yield Allocation(
                    kind=kind,
                    body_sha256=share.statement.body_sha256,
                    ordinals=share.ordinals,
                    line_key=key,
                    base=well.base,
                    base_sha256=well.body_sha256,
                    base_ordinals=well.ordinals,
                    quantity=taken,
                )


def _ship_order(share: ShippedShare, zone: ZoneInfo) -> tuple[tuple[str, int], str, tuple[int, ...]]:
    body = share.statement.body
    return moment_order(body.shipment_date or body.notice, zone), share.statement.body_sha256, share.ordinals


def _bill_order(share: InvoicedShare, zone: ZoneInfo) -> tuple[tuple[str, int], str, tuple[int, ...]]:
    return moment_order(share.statement.body.invoice_date, zone), share.statement.body_sha256, share.ordinals
