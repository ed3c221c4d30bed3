"""`punchout session`: links by which punchout sessions are started, and what became of the sessions."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import draw, emit, table
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, settings, to_read

if TYPE_CHECKING:
    from punchout.ledger.shopping.sessions import Session

app = typer.Typer(help="Punchout sessions: make a link that starts one, and see what became of them.")
_MINUTE = 60


@app.command("link")
def link(
    request: Annotated[str, typer.Argument(metavar="REQ", help="The punchout request's number.")],
    *,
    user: Annotated[str | None, typer.Option("--for", metavar="USER", help="Who shops, by name.")] = None,
    valid: Annotated[int, typer.Option("--valid", metavar="MINUTES", min=1, max=1440, help="How long.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Print a link that starts a punchout session for a request. Whoever has it can shop for the request."""
    from punchout.gateway.links import Link, link_path
    from punchout.gateway.starting import link_secrets
    from punchout.model.keys import RequestKey
    from resources import policies

    configured = settings()
    configured.require("gateway.public_url")
    account = policies.account(configured)
    expires = int(time.time()) + valid * _MINUTE
    made = Link(RequestKey(account.company, account.supplier, request), expires, user)
    try:
        path = link_path(made, link_secrets(configured)[0])
    except ValueError as error:
        raise CommandError(str(error)) from None
    url = (configured.gateway.public_url or "").rstrip("/") + path
    if as_json:
        emit({"url": url, "request": request, "user": user, "expires": expires})
    else:
        print(url)


@app.command("ls")
def ls(
    request: Annotated[str | None, typer.Argument(metavar="[REQ]", help="Of this request only.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many, the last opened first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the sessions that were opened here. Their BuyerCookies are not shown: each lets a cart in."""
    from punchout.ledger.shopping.sessions import sessions_of
    from resources import policies

    configured = settings()
    with to_read(configured) as connection:
        rows = [_row(one) for one in sessions_of(connection, policies.account(configured), request, limit)]
    if as_json:
        emit(rows)
        return
    draw(table(tuple(_row_names()), (tuple("" if value is None else value for value in row.values()) for row in rows)))


def _row_names() -> list[str]:
    return ["request", "opened", "expires", "user", "answer", "code", "page on", "returned", ">lines"]


def _row(session: "Session") -> dict[str, Any]:
    from punchout.model.moments import iso_utc

    opened, answered, returned = session.opened, session.answered, session.returned
    return {
        "request": session.key.request_no,
        "opened_at": iso_utc(opened.at),
        "expires_at": iso_utc(opened.expires),
        "user": opened.user,
        "answer": None if answered is None else answered.outcome,
        "cxml_code": None if answered is None else answered.cxml_code,
        "start_host": None if answered is None else answered.start_host,
        "returned_at": None if returned is None else iso_utc(returned.at),
        "lines": None if returned is None else returned.line_count,
    }
