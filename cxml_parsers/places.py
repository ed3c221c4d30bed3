"""Where an element stands: the path that a note, a refusal or `unread` shows.

A path is only built when something is reported, from the element itself; reading a sound document builds none.
Paths of facts, which have ordinals and no element, are in `paths`.
"""

from typing import Final, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for the type

# Elements that records count: their ordinal is shown even where there is only one.
NUMBERED: Final = frozenset(
    {
        "ItemIn", "ConfirmationItem", "ConfirmationStatus", "ShipNoticePortion", "ShipNoticeItem",
        "InvoiceDetailOrder", "InvoiceDetailHeaderOrder", "InvoiceDetailItem", "InvoiceDetailServiceItem",
    }
)  # fmt: skip

_LONGEST_NAME = 60
_XML = "{http://www.w3.org/XML/1998/namespace}"


def place_of(element: Element, below: str | None = None) -> str:
    """Return an element's path with ordinals from 1, where siblings share its name or records count it.

    `below` is the rest of the path: `@name` for an attribute, or a place that is missing.
    """
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    steps.reverse()
    path = "/" + "/".join(steps)
    return path if below is None else f"{path}/{below}"


def attribute_step(name: str) -> str:
    """Return `@name` with the prefix `xml:` where that is its namespace, other namespaces left out."""
    if name.startswith(_XML):
        return "@xml:" + name[len(_XML) :]
    return "@" + name.rpartition("}")[2][:_LONGEST_NAME]


def element_step(element: Element) -> str:
    """Return an element's name with its prefix, without ordinal."""
    local = element.tag.rpartition("}")[2][:_LONGEST_NAME]
    return f"{element.prefix}:{local}" if element.prefix else local


def _step(element: Element) -> str:
    name = element_step(element)
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    if before or element.tag in NUMBERED or next(element.itersiblings(element.tag), None) is not None:
        return f"{name}[{before + 1}]"
    return name
