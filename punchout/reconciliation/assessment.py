"""All that is computed about a request, with the statements it rests on: the common ground of result and evidence.

`reconcile` and `evidence` only read an assessment; `exceptions`, `deadlines` and `timeline` judge one. Every rule is in
the module that is named after it; here they are put in their order.
"""

from dataclasses import dataclass
from typing import TypeAlias

from punchout.model.adoption import Adoption, adoption
from punchout.model.codes import Code
from punchout.model.documents import Confirmation, Invoice, ShipNotice
from punchout.model.exact import Millionths, times
from punchout.model.history import RequestHistory
from punchout.model.moments import Micros, Moment, iso_utc
from punchout.model.values import Money
from punchout.reconciliation.accounts import Charge, Suggestion
from punchout.reconciliation.copied_lines import copied_line_map
from punchout.reconciliation.decision_names import Named, named_now
from punchout.reconciliation.line_map import LineMap, MappedLine, line_map
from punchout.reconciliation.placement import Placement, placement
from punchout.reconciliation.placing import PlaceKey, Terms, Unmatched
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.positions import Quantities, quantities_of
from punchout.reconciliation.projection import ConfirmedId, Projection, order_confirmation_ids, project
from punchout.reconciliation.reading import Reading, read
from punchout.reconciliation.results import Link, VersionState
from punchout.reconciliation.rows import Rows, current_rows
from punchout.reconciliation.rulings import Rulings, rulings_of, without_ignored
from punchout.reconciliation.sending import Sending, SendState, is_answered, sending
from punchout.reconciliation.shares import ConfirmedShare, InvoicedShare, ShippedShare, by_line, line_keys_of
from punchout.reconciliation.statements import Statement
from punchout.reconciliation.versions import ignored_states

OrderRefusal: TypeAlias = tuple[Code, str]
"""Why ordering could not build the order: a code, and a line for a person."""
OrderRemark: TypeAlias = tuple[str, str, Millionths]
"""What a line of our order says otherwise than the cart: the line's key, a line for a person, what it comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with its numbers and everything they rest on.

    `promises` are the shares of every version of its confirmations, `withdrawn` those of deleted ship notices;
    `accepted_price` is what a person agreed to.
    """

    mapped: MappedLine
    quantities: Quantities
    confirmed: list[ConfirmedShare]
    shipped: list[ShippedShare]
    invoiced: list[InvoicedShare]
    promises: list[ConfirmedShare]
    withdrawn: list[ShippedShare]
    projection: Projection
    accepted_price: Millionths | None

    def worth(self, quantity: Millionths) -> Millionths:
        """Return what a quantity costs at the ordered price, 0 where no price is known."""
        return times(quantity, self.mapped.unit_price or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One request at one moment."""

    history: RequestHistory
    policy: ReconciliationPolicy
    as_of: Micros
    refusals: tuple[OrderRefusal, ...]
    remarks: tuple[OrderRemark, ...]
    sending: Sending
    placement: Placement
    adoption: Adoption | None
    answered: bool
    decided: tuple[Named, ...]
    rulings: Rulings
    rows: Rows
    basis: LineMap
    confirmations: tuple[Statement[Confirmation], ...]
    ship_notices: tuple[Statement[ShipNotice], ...]
    invoices: tuple[Statement[Invoice], ...]
    versions: tuple[VersionState, ...]
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    unmatched: tuple[Unmatched, ...]
    suggestions: tuple[Suggestion, ...]
    charges: tuple[Charge, ...]
    confirmation_ids: tuple[ConfirmedId, ...]

    @property
    def order_id(self) -> str | None:
        """The purchase order's number."""
        if self.sending.order is not None:
            return self.sending.order.order_id
        copy = self.placement.copy
        return self.rows.order_id or (copy.body.order_id if copy is not None else None)

    @property
    def at_supplier(self) -> bool:
        """Whether it is known that the supplier has the order: sent, or answered though nothing was queued here."""
        if self.placement.state is not None:
            return self.placement.state is SendState.SENT
        request = self.rows.request
        return self.answered or (request is not None and request.body.order_confirmation_id is not None)

    @property
    def value(self) -> Millionths:
        """What the order costs, as queued or as its lines say."""
        if self.sending.order is not None:
            return self.sending.order.total
        return sum(line.worth(line.quantities.ordered) for line in self.lines)

    @property
    def currency(self) -> str | None:
        """The order's currency; a blank one in Business Central is its local currency, None where that is not known."""
        if self.sending.order is not None:
            return self.sending.order.currency
        copy, rows = self.placement.copy, (self.rows.order, self.rows.request)
        if copy is not None and copy.body.total is not None and copy.body.total.currency:
            return copy.body.total.currency
        return next(
            (row.body.currency_code for row in rows if row is not None and row.body.currency_code),
            self.policy.local_currency,
        )

    @property
    def line_keys(self) -> dict[PlaceKey, str]:
        """The line of every place that a rule put on one."""
        return line_keys_of(self.links)

    @property
    def has_order(self) -> bool:
        """Whether the cart has become an order: written down here, or with the supplier."""
        return self.placement.state is not None or self.at_supplier

    @property
    def ordered_at(self) -> Moment | None:
        """When the order was written down or its copy says so, else the purchase order's own date."""
        if self.sending.order is not None:
            return Moment(iso_utc(self.sending.order.at), self.sending.order.at)
        if self.placement.copy is not None:
            return self.placement.copy.body.order_date
        return self.rows.order.body.order_date if self.rows.order is not None else None

    @property
    def is_emptied(self) -> bool:
        """Whether the purchase order is known and no line of it has a quantity left."""
        order = self.rows.order
        return order is not None and not any(line.quantity and line.quantity.value for line in order.body.lines)

    def currency_of(self, line: Line) -> str | None:
        """Return the currency a line was ordered in."""
        return line.mapped.currency or self.currency

    def is_foreign(self, line: Line, money: Money) -> bool:
        """Tell whether an amount is in another currency than its line, so that the two cannot be compared."""
        ordered = self.currency_of(line)
        return None not in {money.currency, ordered} and money.currency != ordered

    def bills_foreign(self, line: Line, share: InvoicedShare) -> bool:
        """Tell whether a bill for a line is in another currency."""
        stated = (share.item.unit_price, share.item.subtotal)
        return any(self.is_foreign(line, money) for money in stated if money is not None)

    @property
    def own_invoices(self) -> tuple[Statement[Invoice], ...]:
        """The invoices that bill, and that no other request has a part of."""
        return tuple(one for one in self.invoices if not (one.is_partial or one.body.is_information_only))

    def line_subject(self, line: Line) -> str:
        """Return the subject key of a line."""
        return f"{self.history.key.request_no}/{line.mapped.key}"


def assess(
    history: RequestHistory,
    policy: ReconciliationPolicy,
    as_of: Micros,
    refusals: tuple[OrderRefusal, ...] = (),
    remarks: tuple[OrderRemark, ...] = (),
) -> Assessment:
    """Compute everything about a request that its facts and decisions say.

    A document that a person decided to ignore still proves that the supplier has the order: nothing is sent again
    because of a decision about what came in.
    """
    sent, answered = sending(history), is_answered(history)
    is_ours = policy.sent_by == "pipeline"
    adopted = adoption(history, policy.cutover_at) if is_ours else None
    every, history = history, without_ignored(history)
    rows = current_rows(history, sent.order)
    placed = placement(history, sent, rows.order_id, policy.zone_info, answered=answered, sent_here=is_ours)
    if sent.order is None and placed.copy is not None and placed.copy.body.lines:
        basis = copied_line_map(rows, placed.copy.body)
    else:
        basis = line_map(rows, sent.order, placed_elsewhere=adopted is not None or not is_ours)
    decided = named_now(history, rows, basis.lines)
    terms = Terms(policy, rulings_of((one.counts for one in decided if one.counts is not None), history.key.request_no))
    reading = read(history, basis, terms)
    return Assessment(
        history=history,
        policy=policy,
        as_of=as_of,
        refusals=refusals,
        remarks=remarks,
        sending=sent,
        placement=placed,
        adoption=adopted,
        answered=answered,
        decided=decided,
        rulings=terms.rulings,
        rows=rows,
        basis=basis,
        confirmations=reading.confirmations.current,
        ship_notices=reading.ship_notices.current,
        invoices=reading.invoices.current,
        versions=tuple(sorted((*placed.versions, *reading.versions, *ignored_states(every, terms.rulings.ignored)))),
        lines=_lines(basis, reading, terms, cancelled=placed.state is SendState.CANCELLED),
        links=reading.links,
        unmatched=reading.unmatched,
        suggestions=reading.suggestions,
        charges=reading.charges,
        confirmation_ids=order_confirmation_ids(reading.confirmations.current, policy.zone_info),
    )


def _lines(basis: LineMap, reading: Reading, terms: Terms, *, cancelled: bool) -> tuple[Line, ...]:
    confirmed, shipped = by_line(reading.confirms.shares), by_line(reading.ships.shares)
    invoiced = by_line(reading.bills.shares)
    lines = []
    for line in basis.lines:
        moved, billed = shipped.get(line.key, []), invoiced.get(line.key, [])
        lines.append(
            Line(
                mapped=line,
                quantities=quantities_of(
                    line,
                    reading.decided[line.key],
                    moved,
                    billed,
                    cancelled=cancelled,
                    closed=line.key in terms.rulings.closed,
                ),
                confirmed=confirmed.get(line.key, []),
                shipped=moved,
                invoiced=billed,
                promises=reading.promises.get(line.key, []),
                withdrawn=reading.withdrawn.get(line.key, []),
                projection=project(moved, billed, terms.policy.zone_info),
                accepted_price=terms.rulings.prices.get(line.key),
            )
        )
    return tuple(lines)
