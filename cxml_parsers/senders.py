"""Who hands a document in: the credentials of `Sender` with what proves them. Read before anything else is believed.

The text of a SharedSecret is hashed where it is read and goes nowhere else.
"""

import hashlib
from dataclasses import dataclass

from cxml_parsers import guard
from cxml_parsers.places import Element
from punchout.model.codes import Code
from punchout.model.unreadable import Refused
from punchout.model.values import Credential

_BLANK = " \t\r\n"
_LARGE = 256 * 1024
_HEADER_REACH = 64 * 1024
_END_OF_HEADER = b"</Header>"


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential of `Sender`, and the SHA-256 of its SharedSecret in UTF-8; None where it has none."""

    credential: Credential
    secret_sha256: bytes | None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What can be told of a document before it is read: its kind, its payloadID, and who hands it in."""

    kind: str | None
    payload_id: str | None
    senders: tuple[Presented, ...]


def handed_in(data: bytes, max_bytes: int) -> HandedIn:
    """Look at a document's outside.

    Raises:
        Refused: the guard does not let it be parsed.
    """
    root = guard.parse(data, max_bytes).root
    kind = None
    for child in root:
        if _name(child) in {"Request", "Message", "Response"} and kind is None:
            inner = next((one for one in child if _name(one) != "Status"), None)
            kind = _name(child if inner is None else inner)
    credentials = [
        _presented(credential)
        for header in _below(root, "Header")[:1]
        for sender in _below(header, "Sender")[:1]
        for credential in _below(sender, "Credential")
    ]
    return HandedIn(kind, root.get("payloadID"), tuple(credentials))


def head_of(data: bytes, max_bytes: int) -> HandedIn | None:
    """Look at the head of a large document alone, so that what nobody vouches for is never parsed as a whole.

    Its kind is not told. None where the document is small enough to be looked at as it is.

    Raises:
        Refused: the document does not begin with a Header, or that cannot be read.
    """
    if len(data) <= _LARGE or len(data) > max_bytes:
        return None
    end = data.find(_END_OF_HEADER, 0, _HEADER_REACH)
    if end < 0:
        # DTD: `<!ELEMENT cXML ((Header, (Message | Request)), ...)`.
        raise Refused(Code.XML_REJECTED, None, f"larger than {_LARGE} bytes, and does not begin with its Header")
    return handed_in(data[: end + len(_END_OF_HEADER)] + b"</cXML>", max_bytes)


def secret_sha256(secret: bytes) -> bytes:
    """Return what a secret is compared by; blanks around it do not count."""
    return hashlib.sha256(secret.strip(_BLANK.encode())).digest()


def _presented(credential: Element) -> Presented:
    secrets = _below(credential, "SharedSecret")
    identities = _below(credential, "Identity")
    identity = _text(identities[0]) if identities else ""
    return Presented(
        Credential(credential.get("domain", "").strip(_BLANK), identity),
        secret_sha256(_text(secrets[0]).encode()) if len(secrets) == 1 else None,
    )


def _below(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if _name(child) == name]


def _name(element: Element) -> str:
    # A root may declare a namespace; cXML itself has none.
    return str(element.tag).rpartition("}")[2]


def _text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip(_BLANK)
