"""The tracking report: one HTML file that needs no server, no network and no other file; beside it tables to work with.

What it shows is computed in the modules beside this one, how it looks is in `templates/`. Text from documents only ever
stands in the page's text and in quoted attributes, escaped by the template engine, and in a block of data, which the
script lays out as text. The script holds none of it, and the page's own policy allows no other script and no request.
"""

import base64
import hashlib
import shutil
import time
from collections.abc import Mapping
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
from punchout.reports.decided import decisions
from punchout.reports.files import write_private
from punchout.reports.filters import choices, counted
from punchout.reports.findings import DocumentItem, WorkItem, documents, worklist
from punchout.reports.matches import counted_words, match_order
from punchout.reports.overview import overview
from punchout.reports.packing import block
from punchout.reports.page_data import page_data
from punchout.reports.phases import funnel
from punchout.reports.requests import request_rows
from punchout.reports.sources import completed
from punchout.reports.text import prose, visible

FILE_NAME = "tracking.html"
WORKBOOK_NAME = "tracking.xlsx"

_PLAIN_ROWS = 1_000
"""Of each table, without scripts; a page of ten thousand lines is to stay below three megabytes."""

_SCRIPTS = ("data.js", "amounts.js", "cells.js", "lists.js", "filters.js", "sums.js", "view.js", "page.js")

_FOLDER_MODE = 0o700
_DAY_SECONDS = 24 * 60 * 60


def write_tracking_report(
    connection: sa.Connection, out_dir: Path, as_of: Micros | None = None, *, zone: tzinfo = UTC
) -> Path:
    """Write the report on everything in the ledger, beside it a workbook and CSV files; returns the page's path.

    Args:
        connection: to read from; one transaction gives one consistent picture.
        out_dir: where all are put in place of earlier ones; made where it is missing.
        as_of: the moment to name; by default that of the last sync.
        zone: the company's, in which times are shown.

    Raises:
        OSError: the folder cannot be written to; an earlier report stays.
    """
    from punchout.reports.csv_files import csv_files
    from punchout.reports.workbook import SCRATCH, workbook  # whoever only renders the page needs no library for it

    report = completed(connection, status_report(connection, as_of))
    out_dir.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    _sweep(out_dir, SCRATCH)
    beside = {WORKBOOK_NAME: workbook(report, zone, within=out_dir), **csv_files(report, zone)}
    page = render(report, zone)
    path = out_dir / FILE_NAME
    write_private(path, page.encode())
    for name, content in beside.items():
        write_private(out_dir / name, content)
    return path


def _sweep(out_dir: Path, prefix: str) -> None:
    """Remove what a report left that was killed; a folder of today may be another report's that is being written."""
    for left in out_dir.glob(f"{prefix}*"):
        if left.stat().st_mtime < time.time() - _DAY_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def render(report: Mapping[str, Any], zone: tzinfo = UTC) -> str:
    """Return the page for a status object (`punchout status --all --json`), completed by `sources` or not."""
    requests = report["requests"]
    work, papers, decided = worklist(requests, zone), documents(report, zone), decisions(report, zone)
    rows = request_rows(requests, zone, report["as_of"])
    items: list[WorkItem | DocumentItem] = [*work, *papers]
    words = counted_words(requests)
    script = _script()
    page = _environment().get_template("tracking.html.j2")
    return page.render(
        policy=_policy(script),
        style=Markup(_package_text("tracking.css")),  # noqa: S704 - ours, from the package
        script=Markup(script),  # noqa: S704 - ours, from the package
        data=block(page_data(rows, work, papers, decided, match_order(requests), words)),
        head=overview(report, zone),
        funnel=funnel(request["stage"] for request in requests),
        ages=AGES,
        ageing=ageing(requests, report["as_of"], zone),
        matches=words,
        requests=rows,
        work=work,
        documents=papers,
        decisions=decided,
        acknowledged=sum(bool(item.known.by) for item in items),
        found=len(items),
        codes=counted(item.code for item in items),
        meanings=sorted({(item.code, item.meaning, item.action) for item in items}),
        choices=choices(rows),
        local_currency=LOCAL_CURRENCY,
        plain_rows=_PLAIN_ROWS,
    )


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
    environment.filters["prose"] = prose
    return environment


def _finalize(value: object) -> object:
    """Make visible what no one would see, in every value that enters the page; our own markup stays as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1)
def _script() -> str:
    """Return the page's script: its parts, in a scope of their own."""
    parts = "".join(_package_text(name) for name in _SCRIPTS)
    return f'"use strict";\n{{\n{parts}}}\n'


@lru_cache
def _package_text(name: str) -> str:
    return (resources.files("punchout.reports") / "templates" / name).read_text(encoding="utf-8")
