"""What opens a punchout session: `PunchOutSetupRequest` as a frozen record. How it is written is `cxml_parsers`."""

from dataclasses import dataclass

from punchout.model.exact import Millionths
from punchout.model.orders import Address
from punchout.model.values import Extrinsic, PartId


@dataclass(frozen=True, slots=True)
class SessionContact:
    """`Contact`: who shops, as a rule; `role` is an nmtoken such as `endUser`."""

    role: str | None
    name: str
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionItem:
    """`ItemOut` of a session that edits or inspects: which item of the earlier cart, and how many."""

    line_number: int
    quantity: Millionths
    part: PartId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupRequest:
    """`PunchOutSetupRequest`.

    Attributes:
        operation: `create`, `edit` or `inspect`.
        buyer_cookie: comes back with the cart; one for each session.
        browser_form_post: where the browser posts the cart to.
        supplier_setup: where the request itself goes, for a network in between.
        selected_item: the item that the session opens at.
        items: what an earlier cart held, to be edited or inspected.
    """

    operation: str
    buyer_cookie: str
    extrinsics: tuple[Extrinsic, ...] = ()
    browser_form_post: str | None = None
    contacts: tuple[SessionContact, ...] = ()
    supplier_setup: str | None = None
    ship_to: Address | None = None
    selected_item: PartId | None = None
    items: tuple[SessionItem, ...] = ()
