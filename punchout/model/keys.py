"""The keys of business: which request, which line. No table and no document is named here."""

from dataclasses import dataclass

STAND_IN = "PO:"
"""How the number begins that a purchase order without a punchout request is kept under."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Whose books and which supplier: part of every business key."""

    company: str
    supplier: str


@dataclass(frozen=True, slots=True, order=True)
class RequestKey:
    """One punchout request: the unit of reconcile, lock and touch.

    A purchase order that no request claims gets the request number `PO:<orderID>`.
    """

    company: str
    supplier: str
    request_no: str

    @property
    def account(self) -> Account:
        """The company and supplier it belongs to."""
        return Account(self.company, self.supplier)

    @property
    def is_order_without_request(self) -> bool:
        """Whether it stands for a purchase order that no punchout request claims."""
        return self.request_no.startswith(STAND_IN)


def key_of_order(account: Account, order_id: str) -> RequestKey:
    """Return the key of a purchase order that no punchout request claims."""
    return RequestKey(account.company, account.supplier, STAND_IN + order_id)
