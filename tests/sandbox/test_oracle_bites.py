"""The oracle bites: each of eight mistakes, made in the script's own terms, changes what its scenarios expect.

A product that makes the mistake differs from the oracle in those requests, therefore, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from punchout.sandbox import oracle
from punchout.sandbox.cxml import stamp
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Confirmation, Document, Invoice, Request, Script, Shipment, delivered, utc
from tests.sandbox.buyer import Json

Mistake = Callable[[Script], Script]


def each(change: Callable[[Script, Request], Request]) -> Mistake:
    return lambda script: replace(script, requests=tuple(change(script, request) for request in script.requests))


def all_documents(change: Callable[[Request, int, Document], Document]) -> Mistake:
    def changed(_: Script, request: Request) -> Request:
        documents = tuple(change(request, at, document) for at, document in enumerate(request.documents))
        return replace(request, documents=documents)

    return each(changed)


def counting(*kinds: str) -> Mistake:
    """Take accidents of some kinds for documents of their own."""

    def changed(script: Script, request: Request) -> Request:
        extra = tuple(
            replace(request.documents[accident.of[1]], round=accident.round, late=0)
            for accident in script.accidents
            if accident.kind in kinds and accident.of and accident.of[0] == request.number
        )
        return replace(request, documents=(*request.documents, *extra))

    return each(changed)


def reading_offsets_as_stated(_: Request, __: int, document: Document) -> Document:
    if not isinstance(document, Shipment) or not document.clock.startswith("bogus"):
        return document

    def stated(text: str) -> str:
        return datetime.fromisoformat(stamp(utc(text), document.clock)).astimezone(utc(text).tzinfo).isoformat()[:16]

    return replace(document, ships=stated(document.ships), arrives=stated(document.arrives))


def forgetting_rejections(_: Request, __: int, document: Document) -> Document:
    if not isinstance(document, Confirmation):
        return document
    return replace(document, statuses=tuple(status for status in document.statuses if status.kind != "reject"))


def reading_the_header_alone(_: Request, __: int, document: Document) -> Document:
    if not isinstance(document, Confirmation):
        return document
    return replace(document, statuses=tuple(replace(item, via=document.statuses[0].via) for item in document.statuses))


def adding_credits(_: Request, __: int, document: Document) -> Document:
    if not isinstance(document, Invoice):
        return document
    return replace(document, items=tuple((line, abs(quantity)) for line, quantity in document.items))


def letting_the_last_to_arrive_stand(request: Request, at: int, document: Document) -> Document:
    """Where a version arrives after the one that replaces it, turn the two round."""
    names = {"updates", "replaces"} & set(document.__slots__)
    for name in names:
        earlier = getattr(document, name)
        if earlier is not None and delivered(request.documents[earlier]) > delivered(document):
            document = replace(document, **{name: None})  # type: ignore[arg-type]
        for index, other in enumerate(request.documents):
            if getattr(other, name, None) == at and delivered(document) > delivered(other):
                document = replace(document, **{name: index})  # type: ignore[arg-type]
    return document


def forgetting_the_cutover(script: Script) -> Script:
    requests = tuple(replace(request, confirmed_before=False) for request in script.requests)
    return replace(script, requests=requests, cutover="2026-01-01T00:00:00+00:00")


REJECTING = {
    "billed though rejected",
    "cancelled purchase order",
    "confirmation updated",
    "duplicate",
    "overshipped",
    "partial quantity",
    "portion without items",
    "re-serialised duplicate",
    "rejected line",
    "wholly rejected order",
}


@pytest.mark.parametrize(
    ("mistake", "scenarios"),
    [
        (counting("twice", "rewritten"), {"duplicate", "re-serialised duplicate"}),
        (all_documents(reading_offsets_as_stated), {"bogus offsets"}),
        (all_documents(forgetting_rejections), REJECTING),
        (all_documents(reading_the_header_alone), {"two Amazon orders"}),
        (all_documents(adding_credits), {"credit memo", "credit line in an invoice"}),
        (forgetting_the_cutover, {"before cut-over"}),
        (all_documents(letting_the_last_to_arrive_stand), {"update before what it replaces"}),
        (counting("conflict"), {"conflict"}),
    ],
    ids=[
        "dedupe",
        "offset repair",
        "rejections",
        "split",
        "credit sign",
        "cut-over",
        "version order",
        "shipment twice",
    ],
)
def test_a_mistake_shows_in_its_scenarios_and_in_no_other(
    crowd: Script, rows: list[dict[str, Json]], mistake: Mistake, scenarios: set[str]
) -> None:
    mistaken = mistake(crowd)
    changed = {
        str(row["scenario"])
        for at, right in enumerate(rows, 1)
        for row in oracle.expected(Identifiers(7), at, mistaken)["requests"]
        if row != right[row["request_no"]]
    }
    assert changed == scenarios
