"""The envelope that every cXML document shares: root attributes, Header, and the element below Request or Message.

It is read before anything else and as far as it can be, also where the document is refused. What lies inside the
element is the business of the module of its kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, TypeAlias

from lxml import etree

from cxml_parsers import leaves
from cxml_parsers.clock import clock_of
from cxml_parsers.places import Element
from cxml_parsers.walk import Reading, Shape, Values, fill, finish, into, many, one, take
from punchout.model.codes import Code
from punchout.model.documents import Envelope
from punchout.model.moments import Clock
from punchout.model.unreadable import Refused
from punchout.model.values import Credential

Part: TypeAlias = Callable[[Reading, Element, Values], None]

_ROOT: Final = "cXML"
_WRAPPERS: Final = ("Request", "Message", "Response")


@dataclass(frozen=True, slots=True)
class Opened:
    """A document whose envelope is read.

    Attributes:
        envelope: as far as it could be read.
        reading: the reading to go on with; its clock is the document's.
        kind: the element whose content the body's hash covers and that a kind module reads; None where there is none.
        path: the path of the element above it.
        problem: why the document is refused whatever its body says, None where it is not.
    """

    envelope: Envelope
    reading: Reading
    kind: Element | None
    path: str
    problem: Refused | None


def open_document(root: Element, *, has_doctype: bool, naive_zone: tzinfo) -> Opened:
    """Read the envelope. Never raises: what is wrong with it is the result's `problem`."""
    root = _without_namespace(root)
    if root.tag != _ROOT:
        problem = Refused(Code.STRUCT_INVALID, "/" + root.tag[:60], "not a cXML document")
        return Opened(Envelope(kind=None), Reading(Clock(naive_zone)), None, "", problem)
    reading = Reading(clock_of(root.get("timestamp"), root.get("payloadID"), naive_zone))
    if not has_doctype:
        reading.note(root, None, "no DOCTYPE")
    wrapper = next((child for child in root if child.tag in _WRAPPERS), None)
    kind = None if wrapper is None else _kind_element(wrapper)
    values: Values = {}
    problems = [
        found
        for part in (_payload_id, _timestamp, _other_attributes, _header, _wrapper)
        if (found := _tried(part, reading, root, values)) is not None
    ]
    if kind is None:
        problems.insert(0, Refused(Code.STRUCT_INVALID, "/cXML", "neither Request, Message nor Response with content"))
    envelope = Envelope(kind=None if kind is None else kind.tag, **values)
    path = "/cXML" if kind is wrapper or wrapper is None else f"/cXML/{wrapper.tag}"
    # From here on they tell what was done to the times of the body.
    reading.repairs.clear()
    return Opened(envelope, reading, kind, path, problems[0] if problems else None)


def _tried(part: Part, reading: Reading, root: Element, values: Values) -> Refused | None:
    try:
        part(reading, root, values)
    except Refused as refused:
        return refused
    return None


def _kind_element(wrapper: Element) -> Element | None:
    """Return the element that names the kind: `Response` itself where nothing but `Status` stands in it."""
    inner = next((child for child in wrapper if child.tag != "Status"), None)
    return wrapper if inner is None and wrapper.tag == "Response" else inner


def _payload_id(reading: Reading, root: Element, values: Values) -> None:
    payload_id = leaves.identifier(reading, root, "payloadID")
    values["payload_id"] = payload_id
    if root.get("payloadID") is None:
        reading.note(root, "@payloadID", "missing")
    elif payload_id is not None and "@" not in payload_id:
        reading.note(root, "@payloadID", "has no @host")


def _timestamp(reading: Reading, root: Element, values: Values) -> None:
    if root.get("timestamp") is None:
        reading.note(root, "@timestamp", "missing")
    try:
        values["timestamp"] = leaves.moment(reading, root, "timestamp")
    except Refused as refused:
        # It decides nothing: a document without it is read, and so is one whose timestamp cannot be read.
        reading.note(root, "@timestamp", f"{refused.detail}; read as absent", refused.code)


def _other_attributes(reading: Reading, root: Element, values: Values) -> None:
    values["version"] = leaves.string(reading, root, "version")
    reading.leave_attributes(root, "", ("payloadID", "timestamp", "version"))


def _header(reading: Reading, root: Element, values: Values) -> None:
    header = next(root.iterchildren("Header"), None)
    if header is not None:
        try:
            fill(reading, header, _HEADER, "/cXML", values)
        finally:
            # Credentials that were read before something could not be read are still shown.
            finish(reading, header, _HEADER, values)
    elif next(root.iterchildren("Response"), None) is None:
        raise Refused(Code.STRUCT_INVALID, "/cXML/Header", "missing, and needed")


def _wrapper(reading: Reading, root: Element, values: Values) -> None:
    wrapper = next((child for child in root if child.tag in _WRAPPERS), None)
    for child in root:
        if child is not wrapper and child.tag != "Header":
            reading.skip(child, "/cXML")
    if wrapper is None:
        return
    values["deployment_mode"] = _deployment_mode(reading, wrapper, "deploymentMode")
    kind = _kind_element(wrapper)
    if kind is wrapper:
        return
    reading.leave_attributes(wrapper, "/cXML", ("deploymentMode",))
    reading.stray(wrapper, f"/cXML/{wrapper.tag}")
    for child in wrapper:
        if child is not kind:
            reading.skip(child, f"/cXML/{wrapper.tag}")


def _credential(reading: Reading, element: Element, path: str) -> Credential | None:
    values = take(reading, element, _CREDENTIAL, path)
    identity = values.get("identity")
    if identity is None:
        reading.note(element, "Identity", "missing or empty, the credential is not counted")
        return None
    return Credential(values.get("domain") or "", identity)


def _secret(reading: Reading, element: Element, path: str, _values: Values) -> None:
    # Its text is never read: only that it is there.
    reading.skip(element, path)
    if next(element.getroottree().getroot().iterchildren("Message"), None) is not None:
        reading.note(element, None, "a shared secret in a message that travels through the browser")


def _without_namespace(root: Element) -> Element:
    """Take names out of the namespace that a root `cXML` declares; cXML itself has none."""
    if not root.tag.endswith("}" + _ROOT):
        return root
    prefix = root.tag[: -len(_ROOT)]
    for element in root.iter():
        element.tag = element.tag.removeprefix(prefix)
    # What is left of the declaration would show in the body's canonical form.
    etree.cleanup_namespaces(root)
    return root


_deployment_mode = leaves.hint(("production", "test"))
_CREDENTIAL = Shape(
    attributes={"domain": ("domain", leaves.string)},
    children={"Identity": one("identity", leaves.text), "SharedSecret": _secret},
    expected={"domain": "@domain"},
)
_HEADER = Shape(
    children={
        "From": into(Shape(children={"Credential": many("sent_from", _credential)})),
        "To": into(Shape(children={"Credential": many("sent_to", _credential)})),
        "Sender": into(
            Shape(children={"Credential": many("sender", _credential), "UserAgent": one("user_agent", leaves.text)})
        ),
    },
    expected={
        "sent_from": "From/Credential",
        "sent_to": "To/Credential",
        "sender": "Sender/Credential",
        "user_agent": "Sender/UserAgent",
    },
)
