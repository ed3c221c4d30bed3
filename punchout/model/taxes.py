"""What a tax is made of, where a document says so."""

from dataclasses import dataclass

from punchout.model.moments import Moment
from punchout.model.values import Money, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDetail:
    """`TaxDetail`: one tax of several. `percentage` is the rate as stated."""

    category: str | None = None
    purpose: str | None = None
    percentage: Number | None = None
    taxable: Money | None = None
    amount: Money | None = None
    tax_point: Moment | None = None
    location: str | None = None
