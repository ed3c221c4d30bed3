"""What the supplier's documents say of the order's lines: versions first, then lines, then quantities.

Confirmations are read before ship notices, and those before invoices, because each teaches something about the next:
which substitutes and prices were agreed, how much is to come, which shipment moved which line. Inside one kind nothing
depends on the order of arrival.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.exact import Millionths
from punchout.model.history import RequestHistory
from punchout.reconciliation.accounts import Charge, Suggestion
from punchout.reconciliation.charges import charges
from punchout.reconciliation.clues import Ladder, ladder_of
from punchout.reconciliation.confirming import confirmed, stated_prices, substitutes
from punchout.reconciliation.invoicing import invoiced
from punchout.reconciliation.line_map import LineMap, MappedLine
from punchout.reconciliation.placing import Terms, Unmatched
from punchout.reconciliation.positions import Confirmed, confirmed_of, expected
from punchout.reconciliation.results import Link, VersionState
from punchout.reconciliation.shares import ConfirmedShare, InvoicedShare, Shared, ShippedShare, by_line, line_keys_of
from punchout.reconciliation.shipping import shipped, shipped_lines
from punchout.reconciliation.versions import (
    Versions,
    confirmation_versions,
    invoice_versions,
    ship_notice_versions,
    without_superseded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What documents say.

    Attributes:
        confirmations, ship_notices, invoices: which versions stand.
        confirms, ships, bills: what those say of the lines.
        decided: what confirmations decided, by line key.
        promises: what every version of the confirmations ever said, by line key, oldest first.
        withdrawn: what deleted ship notices had said was moved, by line key.
        charges: what invoices bill beside the lines.
    """

    confirmations: Versions[Confirmation]
    ship_notices: Versions[ShipNotice]
    invoices: Versions[Invoice]
    confirms: Shared[ConfirmedShare]
    ships: Shared[ShippedShare]
    bills: Shared[InvoicedShare]
    decided: Mapping[str, Confirmed]
    promises: Mapping[str, list[ConfirmedShare]]
    withdrawn: Mapping[str, list[ShippedShare]]
    charges: tuple[Charge, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link, sorted."""
        return tuple(sorted((*self.confirms.links, *self.ships.links, *self.bills.links)))

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Every place that is on no line."""
        return (*self.confirms.unmatched, *self.ships.unmatched, *self.bills.unmatched)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every line that such a place may mean, sorted."""
        return tuple(sorted((*self.confirms.suggestions, *self.ships.suggestions, *self.bills.suggestions)))

    @property
    def versions(self) -> tuple[VersionState, ...]:
        """How every document stands, sorted."""
        states = (*self.confirmations.states, *self.ship_notices.states, *self.invoices.states)
        return tuple(sorted(states, key=lambda state: (state.kind, state.body_sha256)))


def read(history: RequestHistory, basis: LineMap, terms: Terms) -> Reading:
    """Read all documents of a request against its lines; without an order there are no lines to speak of."""
    zone = terms.policy.zone_info
    confirmations = confirmation_versions(history.confirmations, zone)
    if terms.policy.confirmation_policy == "strict_cxml":
        confirmations = without_superseded(confirmations)
    ship_notices = ship_notice_versions(history.ship_notices, zone)
    invoices = invoice_versions(history.invoices, zone)
    lines = basis.lines if basis.is_order else ()
    ladder = ladder_of(lines, terms.policy.tolerances)
    confirms = confirmed(confirmations.current, lines, ladder, terms)
    of_line = by_line(confirms.shares)
    decided = {line.key: confirmed_of(line, of_line.get(line.key, ())) for line in basis.lines}
    taught = replace(ladder, substitutes=substitutes(confirms.shares), prices=stated_prices(confirms.shares))
    ships = shipped(ship_notices.current, _open(lines, decided), taught, terms)
    limits = {line.key: expected(line.ordered, decided[line.key]) for line in lines}
    bills = invoiced(invoices.current, limits, taught, shipped_lines(ships.shares), terms)
    return Reading(
        confirmations=confirmations,
        ship_notices=ship_notices,
        invoices=invoices,
        confirms=confirms,
        ships=ships,
        bills=bills,
        decided=decided,
        promises=_promises(confirmations, of_line, lines, ladder, terms),
        withdrawn=_withdrawn(ship_notices, taught, terms),
        charges=charges(invoices.current, line_keys_of(bills.links), terms.policy),
    )


def _open(lines: tuple[MappedLine, ...], decided: Mapping[str, Confirmed]) -> dict[str, Millionths]:
    """Return what each line should bring that is not rejected; a cancelled one may be on its way all the same."""
    limits = {line.key: expected(line.ordered, decided[line.key]) for line in lines}
    return {line.key: limits[line.key] for line in lines if line.ordered > decided[line.key].rejected}


def _promises(
    versions: Versions[Confirmation],
    standing: dict[str, list[ConfirmedShare]],
    lines: tuple[MappedLine, ...],
    ladder: Ladder,
    terms: Terms,
) -> dict[str, list[ConfirmedShare]]:
    """Read the replaced and superseded ones too, where there are any."""
    if versions.every == versions.current:
        return standing
    return by_line(confirmed(versions.every, lines, ladder, terms).shares)


def _withdrawn(versions: Versions[ShipNotice], ladder: Ladder, terms: Terms) -> dict[str, list[ShippedShare]]:
    deleted = {state.body_sha256 for state in versions.states if state.standing == "deleted"}
    gone = tuple(one for one in versions.every if one.body_sha256 in deleted)
    return by_line(shipped(gone, {}, ladder, terms).shares)
