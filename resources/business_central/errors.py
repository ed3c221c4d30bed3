"""The one error of reading an export. It refuses the export whole: none of its rows may be applied."""

from punchout.model.codes import Code
from punchout.model.unreadable import Refused


class ExportInvalid(Refused):
    """An export that does not fit its format.

    Attributes:
        code: always `EXPORT_INVALID`.
        where: the place, for a person: `value[3].lines[1].supplierPartId` (from 0, as JSON paths count) or
            `NAME-lines.csv row 4, column quantity` (the header is row 1, as a spreadsheet shows it).
        detail: one line for a person; holds at most a short excerpt of the value.
    """

    def __init__(self, where: str, detail: str) -> None:
        """Keep the place and the line that explains it."""
        super().__init__(Code.EXPORT_INVALID, where, detail)
