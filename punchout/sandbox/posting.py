"""How the stand-in Amazon posts documents to the buyer: over HTTPS, one after the other, looking at every answer.

It says who it is as the documents do: by their SharedSecret, and by HTTP Basic for those that nobody can read. A buyer
who cannot answer now is asked again for a while, as cXML has it for errors of the 500 range; one who answers otherwise
than the script expects ends the delivery.
"""

import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx
from lxml import etree

from punchout.sandbox.state import Answer

SENDER = "Amazon"

_OK, _REFUSED, _ERROR = 200, 400, 500
_TRIES = 40
_SECONDS_BETWEEN = 0.25
_SECONDS_TO_ANSWER = 30


class PostingError(RuntimeError):
    """The buyer could not be reached, or answered otherwise than was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where documents are posted to, the certificate that is trusted there, and the secret that is shared."""

    url: str
    trusted: Path
    secret: str


class Poster:
    """Posts to one address, over one connection as long as that holds; leaving the `with` block ends it."""

    def __init__(self, address: Address) -> None:
        self._url = address.url
        self._client = httpx.Client(
            verify=ssl.create_default_context(cafile=str(address.trusted)),
            auth=(SENDER, address.secret),
            headers={"Content-Type": "text/xml; charset=UTF-8"},
            timeout=_SECONDS_TO_ANSWER,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, name: str, body: bytes, expected: Answer) -> None:
        """Post a document until it is answered.

        Args:
            name: what it is called where something is wrong.
            body: its bytes.
            expected: what the answer should be.

        Raises:
            PostingError: there is no answer, or another.
        """
        problem = ""
        for _ in range(_TRIES):
            try:
                answer = self._client.post(self._url, content=body)
            except httpx.HTTPError as error:
                problem = type(error).__name__
            else:
                code, text = _status(answer.content)
                if code and code < _ERROR:
                    _check(name, code, text, expected)
                    return
                problem = f"HTTP {answer.status_code}, cXML {code} {text}"
            time.sleep(_SECONDS_BETWEEN)
        raise PostingError(f"the buyer does not answer {name}: {problem}")


def _check(name: str, code: int, text: str, expected: Answer) -> None:
    answered = "taken" if code == _OK else "refused" if code >= _REFUSED else "neither"
    if answered != expected:
        raise PostingError(f"the buyer answers {name} with {code} {text}, and it should be {expected}")


def _status(body: bytes) -> tuple[int, str]:
    """Return code and text of a cXML answer; 0 where it is none."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return 0, "no cXML"
    status = root.find("Response/Status")
    if root.tag != "cXML" or status is None or not status.get("code", "").isdecimal():
        return 0, "no Response"
    return int(status.get("code", "")), status.get("text", "")
