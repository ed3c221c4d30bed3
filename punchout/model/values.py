"""Small values that documents and exports are made of: numbers, money, credentials, references.

Each keeps the received text beside the value, because a report must be able to show what was really said.
"""

from dataclasses import dataclass

from punchout.model.exact import Millionths
from punchout.model.moments import Moment


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity, or a price without a currency of its own."""

    text: str
    value: Millionths


@dataclass(frozen=True, slots=True)
class Money:
    """cXML `Money`, or an amount from Business Central; `currency` is None where none is stated."""

    text: str
    amount: Millionths
    currency: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """cXML `Credential`: domain and identity as written. Domains are compared case-insensitively."""

    domain: str
    identity: str

    def same_as(self, other: "Credential") -> bool:
        """Tell whether both name the same party."""
        return self.domain.casefold() == other.domain.casefold() and self.identity == other.identity


@dataclass(frozen=True, slots=True)
class OrderReference:
    """What a document says about the order it answers (cXML `OrderReference`, `OrderIDInfo`).

    `payload_id` is the `DocumentReference`: in cXML's words the unambiguous one.
    """

    order_id: str | None = None
    payload_id: str | None = None
    order_date: Moment | None = None


@dataclass(frozen=True, slots=True)
class PartId:
    """cXML `ItemID`: both parts are opaque text; leading zeros and inner spaces matter."""

    supplier_part_id: str | None = None
    supplier_part_aux_id: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """cXML `Comments` with its `type` attribute, where it has one."""

    type: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Extrinsic:
    """cXML `Extrinsic`: a named value that must be returned to the supplier unchanged."""

    name: str
    value: str
