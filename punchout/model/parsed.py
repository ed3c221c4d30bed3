"""The outcome of reading one document: accepted with its facts, or quarantined with a reason."""

from dataclasses import dataclass

from punchout.model.codes import Code
from punchout.model.documents import Body, Envelope, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a reader made of the bytes.

    Attributes:
        envelope: as far as it could be read, also where the document is refused.
        body: the facts, None where the document is refused.
        reason: None where accepted.
        where: the place of the reason: `line 3, column 7` or a path.
        detail: one line for a person; never holds document text beyond a short excerpt.
        notes: deviations that were read anyway.
        unread: paths with text or attributes that no field holds.
        body_sha256: identity of the content: the canonical form of the element below Request, Message or cXML
            (Response), without envelope, and the offset repair applied to its times; None where refused unread.
    """

    envelope: Envelope
    body: Body | None
    reason: Code | None = None
    where: str | None = None
    detail: str | None = None
    notes: tuple[Note, ...] = ()
    unread: tuple[str, ...] = ()
    body_sha256: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the document's facts may be used."""
        return self.reason is None
