"""The tracking report: one HTML file that needs no server, no network and no other file; beside it a workbook.

What it shows is computed in the modules beside this one, how it looks is in `templates/`. Text from documents only ever
stands in the page's text and in quoted attributes, escaped by the template engine; the script holds none of it, and the
page's own policy allows no other script and no request.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from punchout.ledger.views.status import status_report
from punchout.model.moments import Micros
from punchout.reports.ageing import AGES, ageing
from punchout.reports.amounts import LOCAL_CURRENCY
from punchout.reports.files import write_private
from punchout.reports.findings import documents, worklist
from punchout.reports.overview import overview
from punchout.reports.phases import funnel
from punchout.reports.requests import request_rows
from punchout.reports.sources import completed
from punchout.reports.text import visible, visible_id

FILE_NAME = "tracking.html"
WORKBOOK_NAME = "tracking.xlsx"

_FOLDER_MODE = 0o700


def write_tracking_report(
    connection: sa.Connection, out_dir: Path, as_of: Micros | None = None, *, zone: tzinfo = UTC
) -> Path:
    """Write the report on everything in the ledger, and the same as a workbook beside it; returns the page's path.

    Args:
        connection: to read from; one transaction gives one consistent picture.
        out_dir: where both are put in place of earlier ones; made where it is missing.
        as_of: the moment to name; by default that of the last sync.
        zone: the company's, in which times are shown.

    Raises:
        OSError: the folder cannot be written to; an earlier report stays.
    """
    from punchout.reports.workbook import workbook  # whoever only renders the page needs no library for it

    report = completed(connection, status_report(connection, as_of))
    page, book = render(report, zone), workbook(report, zone)
    out_dir.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path = out_dir / FILE_NAME
    write_private(path, page.encode())
    write_private(out_dir / WORKBOOK_NAME, book)
    return path


def render(report: Mapping[str, Any], zone: tzinfo = UTC) -> str:
    """Return the page for a status object (`punchout status --all --json`), completed by `sources` or not."""
    work = worklist(report["requests"], zone)
    papers = documents(report, zone)
    script = _package_text("tracking.js")
    page = _environment().get_template("tracking.html.j2")
    return page.render(
        policy=_policy(script),
        style=Markup(_package_text("tracking.css")),  # noqa: S704 - ours, from the package
        script=Markup(script),  # noqa: S704 - ours, from the package
        head=overview(report, zone),
        funnel=funnel(request["stage"] for request in report["requests"]),
        ages=AGES,
        ageing=ageing(report["requests"], report["as_of"], zone),
        requests=request_rows(report["requests"], zone, report["as_of"]),
        work=work,
        documents=papers,
        codes=sorted(Counter([*(item.code for item in work), *(item.code for item in papers)]).items()),
        orders=_order_states(report),
        local_currency=LOCAL_CURRENCY,
    )


def _order_states(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    states = (request["outbox_state"] for request in report["requests"])
    return sorted(Counter(state.replace("_", " ") for state in states if state).items())


def _policy(script: str) -> str:
    """Return the Content-Security-Policy that lets this script run and nothing leave or enter the page."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("punchout.reports"),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["identifiers"] = _searched
    return environment


def _finalize(value: object) -> object:
    """Make visible what no one would see, in every value that enters the page; our own markup stays as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _searched(identifiers: Iterable[str]) -> Markup:
    """Put identifiers into one attribute, a line each: no identifier holds a line break once it is made visible."""
    return Markup("\n").join(visible_id(identifier) for identifier in identifiers)


@lru_cache
def _package_text(name: str) -> str:
    return (resources.files("punchout.reports") / "templates" / name).read_text(encoding="utf-8")
