"""The pages a user sees: plain, without a script, readable without their style, and silent towards everybody else.

Text of a document only ever stands in the text of a page, escaped by the template engine and with what nobody would see
made visible. The page's own policy lets nothing in but its style. What is said is `wording`.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from punchout.gateway.wording import Situation
from punchout.model.documents import CartLine
from punchout.model.exact import format_decimal, minor_units
from punchout.reports.text import visible

_MOST_LINES = 100
_RETRY_AFTER = "30"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a cart as a user knows it."""

    description: str
    quantity: str
    price: str


def page(
    situation: Situation, *, request_no: str | None = None, reference: str | None = None, cart: Sequence[CartLine] = ()
) -> Response:
    """Return the page of a situation.

    Args:
        situation: decides what is said, and the HTTP status.
        request_no: the request that it is about.
        reference: by which people find in the log or in quarantine what happened.
        cart: the lines of a cart that was taken.
    """
    told = situation.told
    body = (
        _environment()
        .get_template("page.html.j2")
        .render(
            style=Markup(_style()),  # noqa: S704 - ours, from the package
            told=told,
            request_no=request_no,
            reference=reference,
            items=[_item(line) for line in cart[:_MOST_LINES]],
            more=max(0, len(cart) - _MOST_LINES),
        )
    )
    headers = {"Content-Security-Policy": policy()}
    if told.http in {503, 429}:
        headers["Retry-After"] = _RETRY_AFTER
    return HTMLResponse(body, told.http, headers)


@lru_cache(maxsize=1)
def policy() -> str:
    """Return the Content-Security-Policy of every page: its one style by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _item(line: CartLine) -> Item:
    price = line.unit_price
    shown = (
        ""
        if price is None
        else f"{format_decimal(price.amount, decimals=minor_units(price.currency))} {price.currency}"
    )
    name = line.description or line.part.supplier_part_id or ""
    return Item(" ".join(name.split())[:300], f"{format_decimal(line.quantity.value)} {line.unit or ''}".strip(), shown)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("punchout.gateway"),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1)
def _style() -> str:
    return (resources.files("punchout.gateway") / "templates" / "page.css").read_text(encoding="utf-8")
