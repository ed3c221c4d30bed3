"""`Response`: the answer to a request. What follows from its code is decided where orders are sent."""

from typing import Final

from cxml_parsers import leaves, parts
from cxml_parsers.scan import XML_SPACE, Scan
from cxml_parsers.shapes import Leaf, Shape
from punchout.model.documents import Response

KIND: Final = "Response"


def _message(_scan: Scan, _index: int, _place: str | None, text: str) -> str | None:
    # A status without a message is the usual case and nothing to speak of.
    return text.strip(XML_SPACE) or None


SHAPE: Final = Shape(
    record=Response,
    children={
        "Status": Leaf(
            "message",
            _message,
            attributes={"code": ("code", leaves.integer), "text": ("text", leaves.string)},
            inside=parts.prose_inside,
        )
    },
    required={"code": "Status/@code"},
)
