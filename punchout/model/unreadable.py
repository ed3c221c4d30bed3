"""The one error for a value that cannot be taken as what it should be.

A place is added by whoever knows it; this module knows neither documents nor tables.
"""

from punchout.model.codes import Code


class Unreadable(ValueError):  # noqa: N818 - reads as a fact about the value: "raise Unreadable(...)"
    """A value that is refused, with the reason code that the ledger will carry.

    Attributes:
        code: one of the closed vocabulary in `punchout.model.codes`.
        detail: one line for a person; never holds more than 80 characters of the value.
    """

    def __init__(self, code: Code, detail: str) -> None:
        """Keep the code and the line that explains it."""
        super().__init__(detail)
        self.code = code
        self.detail = detail


def excerpt(text: str, limit: int = 80) -> str:
    """Return at most `limit` characters of `text` as a quoted literal, safe for a log line."""
    return repr(text if len(text) <= limit else text[:limit] + "…")


class Refused(ValueError):  # noqa: N818 - reads as a fact about the document
    """A whole document that is refused.

    Attributes:
        code: why, for machines.
        where: the place: a path, or a line and column; None where it is everywhere.
        detail: why, for a person; holds at most a short excerpt of the document.
    """

    def __init__(self, code: Code, where: str | None, detail: str) -> None:
        """Keep the code, the place and the line that explains it."""
        super().__init__(detail)
        self.code = code
        self.where = where
        self.detail = detail
