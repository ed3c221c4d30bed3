"""Whether a sender is who it says: by the SharedSecret of its document, or by HTTP Basic. Nothing is stored before.

Secrets are compared as SHA-256 digests in constant time, each with each, so that an answer takes as long whichever of
them is right. Nothing here keeps, logs or returns a secret.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from operator import and_

from cxml_parsers.senders import HandedIn, secret_sha256
from punchout.model.values import Credential
from resources.errors import ConfigurationError
from resources.settings import Settings

_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Guards:
    """What is accepted: digests of the secrets, and the identities that may stand in Sender."""

    digests: tuple[bytes, ...]
    senders: tuple[Credential, ...]


def guards(settings: Settings) -> Guards:
    """Read what is accepted, as it stands now: a secret that was exchanged counts from the next request on.

    One that cannot be read shuts nobody out who has the other.

    Raises:
        ConfigurationError: no secret is set, or none of them can be read.
    """
    digests, problems = [], []
    for reference in settings.gateway.secrets:
        try:
            digests.append(secret_sha256(reference.reveal().encode()))
        except ConfigurationError as error:
            problems.append(str(error))
    if not digests:
        raise ConfigurationError(
            "\n".join(problems) or "gateway.secrets is not set: senders could not prove themselves"
        )
    supplier = settings.supplier
    ours = [] if supplier.our_identity is None else [supplier.our_identity]
    stated = [*supplier.identities, *ours, *settings.gateway.senders]
    return Guards(tuple(digests), tuple(Credential(one.domain, one.identity) for one in stated))


def is_let_in(known: Guards, document: HandedIn | None, authorization: str | None) -> bool:
    """Tell whether whoever hands a document in has proved an accepted identity.

    Args:
        known: what is accepted.
        document: what can be told of it; None where it cannot be read: then only HTTP Basic proves anything.
        authorization: the header of HTTP Basic. Its user is the identity of an accepted sender.
    """
    by_header = _proves_by_header(known, authorization)
    if document is None:
        return by_header
    # Each with each before anything is decided: how long it takes tells nobody who is accepted.
    proofs = [_is_one_of(known.digests, one.secret_sha256) for one in document.senders]
    accepted = [any(sender.same_as(one.credential) for sender in known.senders) for one in document.senders]
    return any(map(and_, accepted, proofs)) or (by_header and any(accepted))


def proves_by_header(settings: Settings, authorization: str | None) -> bool:
    """Tell whether a request without a document has proved an accepted identity."""
    return _proves_by_header(guards(settings), authorization)


def _proves_by_header(known: Guards, authorization: str | None) -> bool:
    user, password = _basic(authorization)
    is_right = _is_one_of(known.digests, None if password is None else secret_sha256(password))
    return is_right and any(one.identity.encode() == user for one in known.senders)


def _basic(authorization: str | None) -> tuple[bytes, bytes | None]:
    """Return user and password of HTTP Basic (RFC 7617), no password where the header is none."""
    scheme, _, encoded = (authorization or "")[:_LONGEST_HEADER].strip().partition(" ")
    if scheme.lower() != "basic":
        return b"", None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return b"", None
    return user, password if colon else None


def _is_one_of(digests: Sequence[bytes], presented: bytes | None) -> bool:
    compared = [hmac.compare_digest(digest, presented or b"") for digest in digests]
    return any(compared)
