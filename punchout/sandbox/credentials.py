"""What the stand-in Amazon reads of a document before it believes it: well-formed XML, and a credential it knows."""

import hmac

from lxml import etree

from punchout.sandbox.cxml import Element


def parsed(body: bytes) -> Element | None:
    """Return the root of a document; None of what cannot be parsed."""
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs are older than this value
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None


def is_authentic(root: Element, buyer: str, secret: str | None) -> bool:
    """Tell whether a document is the buyer's; a `secret` None takes any SharedSecret that is not empty."""
    identities = [text_of(identity) for identity in root.iterfind("Header/From/Credential/Identity")]
    secrets = [text_of(found) for found in root.iterfind("Header/Sender/Credential/SharedSecret")]
    if buyer not in identities:
        return False
    if secret is None:
        return any(secrets)
    return any(hmac.compare_digest(found.encode(), secret.encode()) for found in secrets)


def text_of(element: Element | None) -> str:
    """Return an element's own text, without blanks around it."""
    return "" if element is None else (element.text or "").strip()
