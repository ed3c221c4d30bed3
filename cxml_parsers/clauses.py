"""Which clause of cXML a note is about, and how bad it is: a table with a row for each kind of finding.

The DTD says what must stand where; the Reference Guide says what the DTD cannot, above all how values are written.
What is noted, and in which words, is decided where documents are read.
"""

import re
from dataclasses import dataclass
from typing import Final

from cxml_parsers.leaves import READ_AS_ABSENT
from punchout.model.codes import Code, Severity
from punchout.model.documents import Note

_ORDINAL = re.compile(r"\[\d+\]")
# What the document says is quoted, so that no text of it can look like a kind of finding.
_QUOTED: Final = r"([\"']).*\1"
_DATES: Final = "Reference Guide, dates and times: yyyy-mm-ddThh:mm:ss and a numeric offset"
_CONTENT: Final = "DTD, {place}: its content model"
_VALUE: Final = "DTD, {place}: the type of its value"


@dataclass(frozen=True, slots=True)
class Clause:
    """What a note is about.

    Attributes:
        text: the source and the rule; `{place}` in the table stands for the element or attribute concerned.
        severity: how bad it is that the rule is broken; in the table None stands for the usual severity of its code.
    """

    text: str
    severity: Severity | None = None


# How the detail of a note begins or ends; the first row that fits counts.
_TABLE: Final = tuple(
    (re.compile(pattern, re.DOTALL), clause)
    for pattern, clause in (
        (r"no DOCTYPE", Clause("Reference Guide, document type: the DOCTYPE names the version of the DTD")),
        (r"has no @host", Clause("Reference Guide, payloadID: datetime.process.random@host")),
        (r"missing(?:$|, and needed| or empty, and needed)", Clause("DTD, {place}: required")),
        (r"not a (?:plain decimal|whole) number|more than 12 integer digits", Clause(_VALUE)),
        (r"holds no Money, read as absent", Clause("DTD, {place}: holds Money")),
        (r"empty, read as absent", Clause("DTD, {place}: a value where it stands")),
        (r"white space around ", Clause("DTD, {place}: the value alone")),
        (r"characters that cannot be seen", Clause("Reference Guide, identifiers: compared character by character")),
        (_QUOTED + r" (?:ends in Z,|has no offset;)|the offset of ", Clause(_DATES)),
        (r"not written as cXML prescribes", Clause(_DATES)),
        (_QUOTED + r" was read in capitals|not a currency code", Clause("DTD, {place}: an ISO 4217 code")),
        (
            _QUOTED + r" was read as |not one of |not a value cXML knows|only `yes` is legal",
            Clause("DTD, {place}: its words"),
        ),
        (r"read as \w+$", Clause("DTD, {place}: the name of the attribute")),
        (r"elements stand inside the text|holds elements, left unread|an element stands inside", Clause(_CONTENT)),
        (r"text where only elements belong", Clause(_CONTENT)),
        (r"stands here more than once", Clause("DTD, {place}: at most once", Severity.WARNING)),
        (r"has no name", Clause("DTD, {place}/@name: required", Severity.WARNING)),
        (r"belongs beside ", Clause("DTD, {place}: stands beside the header")),
        (r"names no order", Clause("DTD, {place}: DocumentReference is required", Severity.WARNING)),
        (
            r"a shared secret in a message",
            Clause("Reference Guide, SharedSecret: never by the browser", Severity.WARNING),
        ),
        (r"\w+\.dtd: ", Clause(_CONTENT)),
        (r"\d+ further notes are left out", Clause("DTD, cXML", Severity.WARNING)),
        (r"neither Request, Message nor Response|nested deeper than|more than \d+ attributes", Clause(_CONTENT)),
    )
)


def clause_of(note: Note) -> Clause:
    """Return the clause that a note is about, with its severity; the element's own where the table has no row."""
    found = stated_clause(note) or Clause("DTD, {place}")
    usual = Severity.WARNING if note.detail.endswith(READ_AS_ABSENT) else Code[note.code].severity
    return Clause(found.text.replace("{place}", _place(note.where)), found.severity or usual)


def stated_clause(note: Note) -> Clause | None:
    """Return the row of the table for a note, None where there is none."""
    if note.code == Code.TS_INVALID:
        # What is wrong with a time is said in many words, some of them Python's.
        return Clause(_DATES)
    return next((clause for pattern, clause in _TABLE if pattern.match(note.detail)), None)


def _place(where: str) -> str:
    """Name an element with its parent, or an attribute with its element, without ordinals."""
    return "/".join(_ORDINAL.sub("", where).strip("/").split("/")[-2:]) or "cXML"
