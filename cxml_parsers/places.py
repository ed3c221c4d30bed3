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
        "InvoiceDetailOrder", "InvoiceDetailHeaderOrder", "InvoiceDetailItem", "InvoiceDetailServiceItem", "ItemOut",
    }
)  # fmt: skip

_LONGEST_NAME = 60


def place_of(element: Element) -> str:
    """Return an element's path with ordinals from 1, where siblings share its name or records count it."""
    found = element.getroottree().getpath(element)
    if "*" not in found and ":" not in found and len(found) < _LONGEST_NAME * 3:
        # libxml2 counts as we do, but for what records count.
        return "/".join([f"{step}[1]" if step in NUMBERED else step for step in found.split("/")])
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    steps.reverse()
    return "/" + "/".join(steps)


def attribute_step(name: str) -> str:
    """Return `@name` for an attribute as it is written, with the prefix `xml:`; other prefixes are left out."""
    prefix, _, local = name.rpartition(":")
    return "@xml:" + local if prefix == "xml" else "@" + local[:_LONGEST_NAME]


def step_of(name: str) -> str:
    """Return the step of an element's name as it is written, without ordinal."""
    prefix, colon, local = name.rpartition(":")
    return prefix + colon + local[:_LONGEST_NAME]


def _step(element: Element) -> str:
    local = element.tag.rpartition("}")[2][:_LONGEST_NAME]
    name = f"{element.prefix}:{local}" if element.prefix else local
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    if before or element.tag in NUMBERED or next(element.itersiblings(element.tag), None) is not None:
        return f"{name}[{before + 1}]"
    return name
