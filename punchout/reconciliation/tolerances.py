"""How far two sides may differ before a person should know: the whole section, with its defaults.

Prices are measured against the confirmed price, else the ordered one. When a difference is reported is in `findings`.
"""

from dataclasses import dataclass

from punchout.model.codes import Severity
from punchout.model.exact import Millionths

_THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """Amounts in millionths of the line's currency, shares in thousandths.

    Attributes:
        price: a unit price may be off by so much.
        price_share: or by this share of it, whichever is more.
        price_error_share: above this share a higher price is an error, up to it a warning.
        line_amount: a line's amount may be off by so much for each piece, and at least by so much.
        tax: tax may be off by so much and by `tax_share` of it together.
        tax_share: see `tax`.
        charges: charges may be above what was confirmed by so much.
        total: an invoice's sums may be off by so much.
        slip_days: a promised delivery may move by so many days.
        slip_error_days: above so many days it is an error.
        similarity: descriptions this alike, in thousandths, may mean the same thing.
    """

    price: Millionths = 10_000
    price_share: int = 5
    price_error_share: int = 50
    line_amount: Millionths = 20_000
    tax: Millionths = 50_000
    tax_share: int = 10
    charges: Millionths = 0
    total: Millionths = 50_000
    slip_days: int = 2
    slip_error_days: int = 15
    similarity: int = 900

    def of_price(self, base: Millionths) -> Millionths:
        """Return how far a unit price may be off from the one it is measured against."""
        return max(self.price, base * self.price_share // _THOUSAND)

    def price_differs(self, price: Millionths, base: Millionths) -> bool:
        """Tell whether a unit price is not the one it is measured against."""
        return abs(price - base) > self.of_price(base)

    def price_severity(self, price: Millionths, base: Millionths) -> Severity:
        """Return how bad a price that differs is; a lower one is good to know."""
        if price <= base:
            return Severity.INFO
        return Severity.ERROR if (price - base) * _THOUSAND > base * self.price_error_share else Severity.WARNING

    def line_amount_differs(self, amount: Millionths, computed: Millionths, quantity: Millionths) -> bool:
        """Tell whether a line's amount is not quantity times price."""
        return abs(amount - computed) > max(self.line_amount, self.line_amount * abs(quantity) // 1_000_000)

    def of_tax(self, expected: Millionths) -> Millionths:
        """Return how far tax may be off from the expected one."""
        return self.tax + abs(expected) * self.tax_share // _THOUSAND

    def tax_differs(self, tax: Millionths, expected: Millionths) -> bool:
        """Tell whether tax is not the expected one."""
        return abs(tax - expected) > self.of_tax(expected)
