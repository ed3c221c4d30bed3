"""The one error by which a document is turned away; what turns it away is in `guard`, `walk` and the kind modules."""

from punchout.model.codes import Code


class Refused(Exception):  # noqa: N818 - reads as a fact about the document: "raise Refused(...)"
    """A document that is not read any further.

    Attributes:
        code: the reason, of the closed vocabulary.
        where: `line 3, column 7`, a path in the document, or None where no place is known.
        detail: one line for a person, without document text beyond a short excerpt of the offending value.
    """

    def __init__(self, code: Code, where: str | None, detail: str) -> None:
        """Keep the reason, the place and the line that explains them."""
        super().__init__(detail)
        self.code = code
        self.where = where
        self.detail = detail
