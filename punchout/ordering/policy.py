"""What a company decides about its orders. Filled from the settings at the edge; read by everything in this package."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from punchout.model.exact import Millionths
from punchout.model.moments import Micros
from punchout.model.orders import Address

Environment: TypeAlias = Literal["production", "test"]
"""`Request/@deploymentMode`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """How a line's accounts are named to the supplier.

    Attributes:
        name: `Accounting/@name`.
        account_segment: the name of the segment that is a general ledger account.
        cost_center_segment: the name of the segment that is a cost centre.
        cost_centers: business units with the cost centre that bears what they order.
    """

    name: str = "DistributionCharge"
    account_segment: str = "G/L Account"
    cost_center_segment: str = "Cost Center"
    cost_centers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingPolicy:
    """Policy of one company towards one supplier.

    Attributes:
        environment: test and production may share credentials; what is sent always says which it is.
        payload_host: what stands behind the `@` of our payloadIDs.
        local_currency: ISO 4217; what a blank currency code in Business Central means.
        sent_by: who sends orders; nothing is drafted unless it is `pipeline`.
        bill_to: where the invoice goes; an order without it is refused.
        business_unit: the default; a request's own outranks it.
        cutover_at: what was released before it is tracked, never sent.
        max_order_amount: cap on one order, in the local currency; None is no cap.
        max_orders_per_day: cap on the orders of a day.
        max_amount_per_day: cap on the sum of a day's orders, in the local currency.
        cart_warn_age_days: from this age on a cart that is not ordered is worth a warning.
        cart_max_age_days: at this age the supplier no longer holds the cart's prices, and its order is refused.
        dedupes_payload_id: the supplier was shown to take a repeated payloadID for the same order.
        accounting: how accounts are named in the order's lines; None says nothing of accounts.
        states_charges: the order repeats what the cart says of shipping and tax.
        unit_map: Business Central's unit codes with the supplier's; a code that is not named stands for itself.
    """

    environment: Environment
    payload_host: str
    local_currency: str
    sent_by: Literal["bc", "pipeline"] | None = None
    bill_to: Address | None = None
    business_unit: str | None = None
    cutover_at: Micros | None = None
    max_order_amount: Millionths | None = None
    max_orders_per_day: int | None = None
    max_amount_per_day: Millionths | None = None
    cart_warn_age_days: int = 5
    cart_max_age_days: int = 7
    dedupes_payload_id: bool = False
    accounting: Accounting | None = None
    states_charges: bool = False
    unit_map: tuple[tuple[str, str], ...] = ()
