"""Writes `Response`: how a request of somebody else is answered. What the answer is is decided by who received it."""

from cxml_parsers.writing import LANG, add, document, start
from punchout.model.documents import Response
from punchout.model.moments import Micros

_CODES = range(100, 1000)


def write_response(
    response: Response, *, payload_id: str, timestamp: Micros, dtd_version: str = "1.2.071", language: str = "en-US"
) -> bytes:
    """Return the document in UTF-8. A Response has no Header (DTD, cXML).

    Raises:
        ValueError: the code has not three digits, the text is missing, a text holds a character that XML cannot
            carry, or the DTD version is none.
    """
    if response.code not in _CODES:
        raise ValueError(f"not a status code: {response.code}")
    if not response.text:
        raise ValueError("a status needs a text beside its code")
    root = start(payload_id, timestamp, language)
    made = add(root, "Response")
    status = add(made, "Status", response.message, code=str(response.code))
    status.set("text", response.text)
    status.set(LANG, language)
    return document(root, dtd_version)
