"""Reading a rendered page: elements, texts and attributes, not angle brackets, and what its script lays out.

The rows of the large tables are made by the script from data in the page. What is read here from that data is what a
browser shows: `test_browser` compares the two.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import accumulate, chain, repeat
from typing import Any, cast

from lxml import html

from punchout.reports.tracking import render
from tests.reports.statuses import Json


def page(report: Json) -> html.HtmlElement:
    """Render a status object and parse the page."""
    return html.document_fromstring(render(report))


def found(element: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    """Return the elements at an XPath."""
    return cast("list[html.HtmlElement]", element.xpath(path))


def text(element: html.HtmlElement) -> str:
    """Return an element's text, its parts set apart and white space collapsed."""
    return " ".join(" ".join(cast("Any", element).itertext()).split())


def texts(element: html.HtmlElement, path: str) -> list[str]:
    """Return the texts of the elements at an XPath."""
    return [text(one) for one in found(element, path)]


def cells(row: html.HtmlElement) -> list[str]:
    """Return the texts of a row's cells."""
    return texts(row, "./th|./td")


def attributes(element: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Return every attribute in the page: the element's name, the attribute's, and its value."""
    for one in element.iter():
        if isinstance(one.tag, str):
            for name in one.keys():  # noqa: SIM118 - lxml elements iterate over their children
                yield one.tag, str(name), str(one.get(name))


def tile(element: html.HtmlElement, name: str) -> str:
    """Return what a tile of the head says."""
    (value,) = found(element, f"//dl[@class='tiles']/div[dt='{name}']/dd")
    return text(value)


def unpacked(packed: list[Any]) -> list[Any]:
    """Return the texts of a column as the page holds it, None where it has none of its own."""
    known: list[Any] = []
    texts: list[Any] = []
    for item in packed:
        if item is None or isinstance(item, str):
            known.append(item)
            texts.append(item)
        else:
            texts.extend([known[item]] if item >= 0 else repeat(texts[-1], -item))
    return texts


def data_of(shown: html.HtmlElement) -> Json:
    """Return the data that a page holds for its script."""
    (block,) = found(shown, "//script[@id='data']")
    data: Json = json.loads(str(block.text))
    return data


def table_of(shown: html.HtmlElement, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the page's data, by the names of its columns."""
    data = data_of(shown)
    columns = {column: unpacked(packed) for column, packed in data[name].items() if column != "of"}
    if name == "lines":
        for column, other in data["like"].items():
            columns[column] = [
                text if own is None else own for own, text in zip(columns[column], columns[other], strict=True)
            ]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if name == "requests":
        firsts = accumulate(data["counts"]["lines"], initial=0)
        lines = table_of(shown, "lines")
        for row, first in zip(rows, firsts, strict=False):
            row |= {column: lines[first][column].split("\n")[0] for column in row if row[column] is None}
    return rows


def rows_of(report: Json) -> list[list[str]]:
    """Return the cells of each request's row."""
    shown = page(report)
    lines, counts = iter(table_of(shown, "lines")), data_of(shown)["counts"]["lines"]
    return [
        _request_cells(row, [next(lines) for _ in range(count)])
        for row, count in zip(table_of(shown, "requests"), counts, strict=True)
    ]


def lines_of(report: Json) -> list[list[str]]:
    """Return the cells of each line's row."""
    return [_line_cells(row) for row in table_of(page(report), "lines")]


def work_of(report: Json) -> list[list[str]]:
    """Return the cells of the worklist."""
    shown = page(report)
    requests = table_of(shown, "requests")
    rows = zip(table_of(shown, "work"), data_of(shown)["work"]["of"], strict=True)
    return [_work_cells(row, requests[request]) for row, request in rows]


def papers_of(report: Json) -> list[list[str]]:
    """Return the cells of the documents that need a person."""
    return [_paper_cells(row) for row in table_of(page(report), "documents")]


def matches_of(report: Json) -> list[list[str]]:
    """Return the cells of the three-way match, in the order in which they are shown."""
    shown = page(report)
    data, lines, requests = data_of(shown), table_of(shown, "lines"), table_of(shown, "requests")
    owners = list(
        chain.from_iterable(repeat(row, count) for row, count in zip(requests, data["counts"]["lines"], strict=True))
    )
    return [_match_cells(lines[place], owners[place], data["rules"]) for place in data["order"]]


def decisions_of(report: Json) -> list[list[str]]:
    """Return the cells of the decisions."""
    shown = page(report)
    requests = table_of(shown, "requests")
    rows = zip(table_of(shown, "decisions"), data_of(shown)["decisions"]["of"], strict=True)
    return [
        [row["at"], row["by"], row["what"], _joined("" if of < 0 else requests[of]["request_no"], row["about"]),
         row["reason"]]
        for row, of in rows
    ]  # fmt: skip


def searched_by(shown: html.HtmlElement) -> list[set[str]]:
    """Return what each request of a page is found by."""
    lines = iter(table_of(shown, "lines"))
    held = []
    counts = data_of(shown)["counts"]["lines"]
    for row, count in zip(table_of(shown, "requests"), counts, strict=True):
        own = [row["request_no"], row["order_id"], row["requester"], *_listed(row["confirmation_ids"], row["others"])]
        for line in (next(lines) for _ in range(count)):
            own += [line["part"], *_listed(line["tracking"]), *_listed(line["invoice_id"])[:1]]
        held.append({text for text in own if text})
    return held


_QUANTITIES = ("ordered", "accepted", "shipped", "invoiced", "value")
_DATES = ("shipping_date", "delivery_date", "invoice_id", "invoice_date")


def _listed(*several: str) -> list[str]:
    return [text for texts in several for text in texts.split("\n")]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _value(lines: list[dict[str, str]]) -> str:
    """Add what the lines of a request cost, as the page's script does."""
    sums: dict[str, Decimal] = {}
    for row in lines:
        if row["value"]:
            sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + Decimal(row["value"].replace(",", ""))
    return " + ".join(f"{amount:,} {currency}" for currency, amount in sums.items())


def _acknowledged(row: Mapping[str, str]) -> str:
    said = f"Acknowledged by {row['known_by']}, {row['known_at']}: “{row['known_words']}”"
    return said if row["known_by"] else ""


def _request_cells(row: Mapping[str, str], lines: list[dict[str, str]]) -> list[str]:
    doubt = "in doubt" if row["outbox_state"] == "in doubt" else ""
    return [
        _joined(row["request_no"], row["account"]), row["order_id"], _joined(row["stage"], doubt),
        row["confirmation_ids"].replace("\n", ", "), *(row[name] for name in _QUANTITIES[:-1]), _value(lines),
        *(row[name] for name in _DATES),
        _joined(row["word"], *_listed(row["codes"])),
    ]  # fmt: skip


def _line_cells(row: Mapping[str, str]) -> list[str]:
    dates = (f"{row[name]} values".replace("\n", " ") if "\n" in row[name] else row[name] for name in _DATES)
    return [
        row["number"], row["part"], row["description"], row["tracking"].replace("\n", ", "),
        *(row[name] for name in _QUANTITIES), *dates, _joined(row["word"], row["state"]),
    ]  # fmt: skip


def _work_cells(row: Mapping[str, str], request: Mapping[str, str]) -> list[str]:
    line = row["line"] and f"line {row['line']}"
    subject = _joined(request["request_no"], line, request["order_id"], row["detail"], _acknowledged(row))
    command = row["command"] or request["trace"] or f"punchout trace {request['request_no']}"
    next_step = _joined(row["action"].replace("`", ""), command)
    return [
        row["severity"],
        _joined(row["code"], row["meaning"]),
        subject,
        _joined(row["at_risk"], row["currency"]),
        row["since"],
        next_step,
    ]


def _paper_cells(row: Mapping[str, str]) -> list[str]:
    return [
        row["severity"],
        _joined(row["code"], row["meaning"]),
        _joined(row["title"], row["kind"]),
        _joined(row["place"], row["detail"], _acknowledged(row)),
        row["received"],
        _joined(row["action"].replace("`", ""), row["command"]),
    ]


def _match_cells(row: Mapping[str, str], request: Mapping[str, str], rules: Mapping[str, str]) -> list[str]:
    also = ", ".join(row["words"].split(", ")[1:])
    price = row["price_expected"] and f"{row['price_base']} {row['price_expected']} ± {row['price_tolerance']}"
    tax = row["tax_expected"] and f"confirmed {row['tax_expected']} ± {row['tax_tolerance']}"
    charges = row["charges"] and f"confirmed {row['charges_expected'] or '0'} ± {row['charges_tolerance']}"
    return [
        _joined(row["word"], rules[row["word"]], also and f"also: {also}"),
        _joined(request["request_no"], "line", row["number"], row["part"], row["description"]),
        _joined(row["ordered"], row["value"]), row["accepted"], _joined(row["shipped"], row["came"]), row["received"],
        _joined(row["invoiced"], row["billed"], row["credited"] and f"{row['credited']} credited"),
        _joined(row["price_invoiced"], price), _joined(row["at_variance"], row["quantity_variance"]),
        _joined(row["tax_invoiced"], tax), _joined(row["charges"], charges),
        _joined(_listed(row["invoice_id"])[0], _listed(row["invoice_date"])[0]),
    ]  # fmt: skip
