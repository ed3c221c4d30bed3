"""Reading a rendered page as a browser would: elements, texts and attributes, not angle brackets."""

from collections.abc import Iterator
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


def rows_of(report: Json) -> list[list[str]]:
    """Return the cells of each request's row."""
    return [cells(row) for row in found(page(report), "//table[@id='requests']/tbody[@id]/tr[1]")]


def lines_of(report: Json) -> list[list[str]]:
    """Return the cells of each line's row."""
    return [cells(row) for row in found(page(report), "//tr[@class='l']")]


def work_of(report: Json) -> list[list[str]]:
    """Return the cells of the worklist."""
    return [cells(row) for row in found(page(report), "//table[@id='worklist']//tr[@data-r]")]


def papers_of(report: Json) -> list[list[str]]:
    """Return the cells of the documents that need a person."""
    return [cells(row) for row in found(page(report), "//table[@id='documents']//tr[@data-i]")]
