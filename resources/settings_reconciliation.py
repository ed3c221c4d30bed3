"""What reconciliation is told: tolerances, deadlines, how sure a match must be, and which words name a charge.

The defaults are those of `punchout.reconciliation`; how a value becomes exact thousandths and millionths is in
`resources.policies`. What each tolerance is held against is in `punchout.reconciliation.tolerances`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PositiveInt, model_validator

from punchout.reconciliation.accounts import ChargeKind
from resources.settings_fields import Amount, Confidence, Days, Percent
from resources.settings_sections import Section


def _single_words(given: Mapping[str, ChargeKind]) -> Mapping[str, ChargeKind]:
    """Write words as descriptions are searched for them: one at a time, in lower case."""
    words: dict[str, ChargeKind] = {}
    for stated, kind in given.items():
        word = stated.strip().casefold()
        if re.fullmatch(r"\w+", word) is None:
            message = "each name is a single word, without spaces or signs, as descriptions are searched word by word"
            raise ValueError(message)
        if words.setdefault(word, kind) != kind:
            message = "a word stands for one kind of charge; capitals make no other word of it"
            raise ValueError(message)
    return words


ChargeWords = Annotated[Mapping[str, ChargeKind], AfterValidator(_single_words)]
_CHARGE_WORDS: Mapping[str, ChargeKind] = {
    "shipping": "shipping",
    "freight": "shipping",
    "delivery": "shipping",
    "postage": "shipping",
    "handling": "handling",
    "discount": "discount",
    "promotion": "discount",
    "wrap": "other",
    "surcharge": "other",
    "fee": "other",
}


class ToleranceSettings(Section):
    """How far two sides may differ. Amounts are in the document's currency, whichever that is."""

    price: Amount = Field(default=Decimal("0.01"), description="a unit price may be off by so much")
    price_percent: Percent = Field(default=Decimal("0.5"), description="or by this share of it, whichever is more")
    price_error_percent: Percent = Field(
        default=Decimal(5), description="a price higher by more than this is an error, up to it a warning"
    )
    line_amount: Amount = Field(default=Decimal("0.02"), description="for each piece, and at least so much")
    tax: Amount = Field(default=Decimal("0.05"), description="tax may be off by so much and by tax_percent together")
    tax_percent: Percent = Decimal(1)
    charges: Amount = Field(default=Decimal(0), description="charges may be above what was confirmed by so much")
    total: Amount = Field(default=Decimal("0.05"), description="an invoice's sums may be off by so much")
    slip_days: Days = Field(default=2, description="a promised delivery may move by so many days")
    slip_error_days: Days = Field(default=15, description="above so many days it is an error, up to them a warning")
    similarity_percent: Confidence = Field(
        default=Decimal(90), description="descriptions this alike may mean the same line; a suggestion, never more"
    )

    @model_validator(mode="after")
    def _warns_before_it_fails(self) -> Self:
        if self.price_percent > self.price_error_percent:
            message = "price_percent is above price_error_percent"
            raise ValueError(message)
        if self.slip_days > self.slip_error_days:
            message = "slip_days is above slip_error_days"
            raise ValueError(message)
        return self


class ReceiptsSettings(Section):
    """Whether goods receipts are part of a request's way, and how long one may take after delivery."""

    in_scope: bool = False
    grace_days: Days = Field(default=5, description="days from delivery after which a missing receipt is a warning")
    error_days: Days = Field(default=10, description="days from delivery after which it is an error")

    @model_validator(mode="after")
    def _warns_before_it_fails(self) -> Self:
        if self.grace_days > self.error_days:
            message = "grace_days is above error_days"
            raise ValueError(message)
        return self


class ReconciliationSettings(Section):
    """How long each step may take, how far sides may differ, and how what is incomplete or unclear is read."""

    confirmation_hours: PositiveInt = 24
    confirmation_error_hours: PositiveInt = 48
    invoice_wait_days: PositiveInt = 3
    shipment_grace_days: Days = Field(default=2, description="days after the promised one in which nothing need ship")
    duplicate_days: Days = Field(default=30, description="days within which two invoices for the same may be one")
    receipts: ReceiptsSettings = ReceiptsSettings()
    tolerances: ToleranceSettings = ToleranceSettings()
    link_confidence: Confidence = Field(
        default=Decimal(80),
        description="percent; a rule that is less sure which line a document means only suggests it",
    )
    charge_words: ChargeWords = Field(
        default=_CHARGE_WORDS,
        description="a word in an invoice line to the kind of charge it names; set, it takes the place of the default",
    )
    confirmation_policy: Literal["amazon", "strict_cxml"] = Field(
        default="amazon", description="strict_cxml: an accept, except or reject discards all confirmations before it"
    )

    @model_validator(mode="after")
    def _warns_before_it_fails(self) -> Self:
        if self.confirmation_hours > self.confirmation_error_hours:
            message = "confirmation_hours is above confirmation_error_hours"
            raise ValueError(message)
        return self
