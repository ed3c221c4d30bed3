"""An export as a pandas frame of text, for checks over a whole batch. Names are the export's own; blank is None.

It shows an export as it came, also one that was refused, because that is when a check has most to say.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from resources.business_central.columns import CONTENTS, ContentName
from resources.business_central.csv_tables import csv_export, is_manifest
from resources.business_central.errors import ExportInvalid
from resources.business_central.json_tables import json_export, load_object
from resources.business_central.raw import RawExport

if TYPE_CHECKING:
    import pandas as pd

_NO_PARTS: Mapping[str, bytes] = MappingProxyType({})


def received_frame(content: ContentName, data: bytes, parts: Mapping[str, bytes] = _NO_PARTS) -> "pd.DataFrame":
    """Return the header rows as they came, unchecked, under the names that no row lacks.

    An export that cannot be taken apart gives a frame without rows or columns.
    """
    try:
        envelope = load_object(data)
        form = CONTENTS[content]
        raw = csv_export(form, envelope, parts) if is_manifest(envelope) else json_export(form, envelope)
    except ExportInvalid:
        return _frame([], ())
    names = _common_names(raw) or [column.name for column in form.header]
    return _frame(names, ([_as_text(header.row.cells[name]) for name in names] for header in raw.headers))


def _common_names(raw: RawExport) -> list[str]:
    if not raw.headers:
        return []
    lacking = set[str]().union(*(raw.headers[0].row.cells.keys() - header.row.cells.keys() for header in raw.headers))
    return [name for name in raw.headers[0].row.cells if name not in lacking]


def _frame(names: list[str], rows: Iterable[list[str | None]]) -> "pd.DataFrame":
    # Takes most of a second to import, and most commands never need a frame.
    import pandas as pd

    return pd.DataFrame(list(rows), columns=pd.Index(names, dtype=object), dtype=object)


def _as_text(value: object) -> str | None:
    match value:
        case str() | int() if value != "":
            return str(value)
        case _:
            return None
