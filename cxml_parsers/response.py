"""`Response`: the answer to a request. What follows from its code is decided where orders are sent."""

from typing import Final

from cxml_parsers import leaves
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, Values, take
from punchout.model.documents import Response

KIND: Final = "Response"


def read(reading: Reading, element: Element, path: str) -> Response:
    """Read a Response whose content is its Status alone.

    Raises:
        Refused: the status code is missing or no whole number.
    """
    return Response(**take(reading, element, _RESPONSE, path))


def _status(reading: Reading, element: Element, path: str, values: Values) -> None:
    values["code"] = leaves.integer(reading, element, "code")
    values["text"] = leaves.string(reading, element, "text")
    if element.text is None and not len(element):
        reading.leave_attributes(element, path, _STATUS_ATTRIBUTES)
    else:
        values["message"] = leaves.whole_text(reading, element, path, _STATUS_ATTRIBUTES)


_STATUS_ATTRIBUTES = ("code", "text")
_RESPONSE = Shape(children={"Status": _status}, required={"code": "Status/@code"})
