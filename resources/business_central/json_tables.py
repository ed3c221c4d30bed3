"""JSON bytes become the raw rows of an export. Values are read in `values`, and rows checked in `exports`."""

import json
from typing import NoReturn

from punchout.model.unreadable import excerpt
from resources.business_central.columns import Content
from resources.business_central.errors import ExportInvalid
from resources.business_central.raw import Numeral, RawExport, RawHeader, RawRow


def load_object(data: bytes) -> dict[str, object]:
    """Read bytes that must be one JSON object; its numbers stay text (`Numeral`).

    Raises:
        ExportInvalid: not UTF-8, not JSON, not an object, a name given twice, NaN or Infinity, or nested too deeply.
    """
    try:
        loaded = json.loads(
            data.decode("utf-8-sig"),
            parse_float=Numeral,
            parse_int=Numeral,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as wrong:
        raise ExportInvalid(f"byte {wrong.start}", "not UTF-8") from None
    except json.JSONDecodeError as wrong:
        raise ExportInvalid(f"line {wrong.lineno}, column {wrong.colno}", f"not JSON: {wrong.msg}") from None
    except RecursionError:
        raise ExportInvalid("the file", "nested too deeply") from None
    return as_object(loaded, "the file")


def as_object(value: object, where: str) -> dict[str, object]:
    """Return `value` if it is a JSON object.

    Raises:
        ExportInvalid: it is something else.
    """
    if not isinstance(value, dict):
        raise ExportInvalid(where, "not a JSON object")
    return value


def as_list(value: object, where: str) -> list[object]:
    """Return `value` if it is a JSON array.

    Raises:
        ExportInvalid: it is something else, or absent.
    """
    if not isinstance(value, list):
        raise ExportInvalid(where, "not a JSON array" if value is not None else "the array is missing")
    return value


def json_export(content: Content, envelope: dict[str, object]) -> RawExport:
    """Take the rows and their lines out of the envelope.

    Raises:
        ExportInvalid: `value`, a row, its lines or a line is missing or of another JSON type.
    """
    rows = as_list(envelope.get("value"), "value")
    headers = tuple(_header(content, row, f"value[{position}]") for position, row in enumerate(rows))
    return RawExport(envelope.get("exportedAt"), envelope.get("scope"), headers)


def _header(content: Content, value: object, where: str) -> RawHeader:
    cells = dict(as_object(value, where))
    lines_at = f"{where}.{content.lines_name}"
    lines = as_list(cells.pop(content.lines_name, None), lines_at)
    return RawHeader(
        RawRow(where, cells),
        tuple(
            RawRow(f"{lines_at}[{position}]", as_object(line, f"{lines_at}[{position}]"))
            for position, line in enumerate(lines)
        ),
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ExportInvalid("the file", f"an object states {excerpt(twice)} twice")
    return read


def _refuse_constant(text: str) -> NoReturn:
    raise ExportInvalid("the file", f"{text} is not a number")
