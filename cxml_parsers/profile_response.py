"""Writes `ProfileResponse`: which requests an address takes, and where. What is taken is decided by who takes it."""

from collections.abc import Sequence

from cxml_parsers.writing import LANG, add, document, start
from punchout.model.moments import Micros, iso_utc


def write_profile_response(
    transactions: Sequence[tuple[str, str]],
    *,
    payload_id: str,
    timestamp: Micros,
    dtd_version: str = "1.2.071",
    language: str = "en-US",
) -> bytes:
    """Return the answer to a ProfileRequest in UTF-8 (cXML Reference Guide, "ProfileResponse").

    Args:
        transactions: the names of the requests that are taken, each with the URL it goes to.
        payload_id: of the answer.
        timestamp: of the answer, and the moment the profile holds from.
        dtd_version: the cXML version named in the DOCTYPE.
        language: of the status's text.

    Raises:
        ValueError: there are no transactions, or a text holds a character that XML cannot carry.
    """
    if not transactions:
        raise ValueError("a profile without transactions")
    root = start(payload_id, timestamp, language)
    response = add(root, "Response")
    status = add(response, "Status", code="200")
    status.set("text", "OK")
    status.set(LANG, language)
    profile = add(response, "ProfileResponse", effectiveDate=iso_utc(timestamp))
    for name, url in transactions:
        add(add(profile, "Transaction", requestName=name), "URL", url)
    return document(root, dtd_version)
