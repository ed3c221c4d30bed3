"""Writes `PunchOutSetupRequest`, which opens a session, and `ProfileRequest`, which asks a supplier what it takes.

Like orders they are written with an empty SharedSecret; `order_request.with_secret` puts it in.
"""

from typing import Final

from cxml_parsers.writing import (
    Element,
    Heading,
    add,
    add_address,
    add_extrinsic,
    add_part,
    add_text,
    document,
    start_request,
)
from punchout.model.exact import format_decimal
from punchout.model.setups import SessionContact, SessionItem, SetupRequest

_OPERATIONS: Final = ("create", "edit", "inspect")


def write_setup_request(setup: SetupRequest, heading: Heading) -> bytes:
    """Return the document in UTF-8, child by child in the order of the DTD.

    Raises:
        ValueError: the operation is none of create, edit and inspect, a text holds a character that XML cannot carry,
            or the DTD version is none.
    """
    if setup.operation not in _OPERATIONS:
        raise ValueError(f"no operation of a session: {setup.operation!r}")
    root, request = start_request(heading)
    made = add(request, "PunchOutSetupRequest", operation=setup.operation)
    add(made, "BuyerCookie", setup.buyer_cookie)
    for extrinsic in setup.extrinsics:
        add_extrinsic(made, extrinsic)
    _add_url(made, "BrowserFormPost", setup.browser_form_post)
    for contact in setup.contacts:
        _add_contact(made, contact, heading.language)
    _add_url(made, "SupplierSetup", setup.supplier_setup)
    if setup.ship_to is not None:
        add_address(add(made, "ShipTo"), setup.ship_to, heading.language)
    if setup.selected_item is not None:
        add_part(add(made, "SelectedItem"), setup.selected_item)
    for item in setup.items:
        _add_item(made, item)
    return document(root, heading.dtd_version)


def write_profile_request(heading: Heading) -> bytes:
    """Return the document in UTF-8: it asks what the supplier takes, and where.

    Raises:
        ValueError: a text holds a character that XML cannot carry, or the DTD version is none.
    """
    root, request = start_request(heading)
    add(request, "ProfileRequest")
    return document(root, heading.dtd_version)


def _add_url(parent: Element, tag: str, url: str | None) -> None:
    if url is not None:
        add(add(parent, tag), "URL", url)


def _add_contact(parent: Element, contact: SessionContact, language: str) -> None:
    made = add(parent, "Contact", role=contact.role)
    add_text(made, "Name", contact.name, language)
    for email in contact.emails:
        add(made, "Email", email)


def _add_item(parent: Element, item: SessionItem) -> None:
    made = add(parent, "ItemOut", quantity=format_decimal(item.quantity), lineNumber=str(item.line_number))
    add_part(made, item.part)
