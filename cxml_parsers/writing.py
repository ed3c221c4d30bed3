"""The few steps that every cXML document we write is made of: elements, money, declaration and DOCTYPE."""

import re
from typing import TypeAlias

from lxml import etree

from punchout.model.exact import Millionths, format_decimal, minor_units

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for the type

_VERSION = re.compile(r"1\.\d\.\d{3}", re.ASCII)


def add(parent: Element, tag: str, text: str | None = None, **attributes: str | None) -> Element:
    """Append an element; an attribute that is None is left out.

    Raises:
        ValueError: text or attribute holds a character that XML cannot carry.
    """
    made = etree.SubElement(parent, tag, {name: value for name, value in attributes.items() if value is not None})
    made.text = text
    return made


def add_money(parent: Element, amount: Millionths, currency: str) -> Element:
    """Append `Money`, with at least the decimals of its currency and never rounded."""
    return add(parent, "Money", format_decimal(amount, decimals=minor_units(currency)), currency=currency)


def document(root: Element, dtd_version: str) -> bytes:
    """Return a whole document in UTF-8, without white space that was not there.

    Raises:
        ValueError: `dtd_version` is no cXML version.
    """
    if _VERSION.fullmatch(dtd_version) is None:
        raise ValueError(f"not a cXML version: {dtd_version!r}")
    dtd = f"http://xml.cxml.org/schemas/cXML/{dtd_version}/cXML.dtd"
    prolog = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE cXML SYSTEM "{dtd}">\n'
    return prolog.encode() + etree.tostring(root, encoding="UTF-8", xml_declaration=False)
