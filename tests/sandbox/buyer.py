"""A perfect buyer for the sandbox's tests: it starts the sandbox as a child process and does what a product should do.

It sends OrderRequests, writes update files, and takes the values it tracks from the oracle, so that the
tests of the stand-ins need no product. No tests live here.
"""

import hashlib
import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import httpx
from lxml import etree

from punchout.sandbox import oracle
from punchout.sandbox.compare import Difference, differences
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Script
from punchout.sandbox.scenarios import HANDFUL
from tests.sandbox.order_requests import SECRET, order_request

ROOT = Path(__file__).parents[2]
# Patient, because a sandbox that posts answers when it has posted. On loopback; making one for each call takes longer.
CLIENT = httpx.Client(trust_env=False, verify=False, timeout=60)  # noqa: S501
FEEDS = ("cxml-drop", "bc-requests", "bc-orders", "bc-updates")

Json = dict[str, Any]


@dataclass
class RunningSandbox:
    """The sandbox as a child process over a folder; `stop` kills it, `start` takes it up again."""

    folder: Path
    seed: int = 7
    options: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None
    ready: Json = field(default_factory=dict)

    def arguments(self) -> list[str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "secret").write_text(SECRET)
        folders = [part for feed in ("home", *FEEDS) for part in (f"--{feed}", str(self.folder / feed))]
        for feed in FEEDS:
            (self.folder / feed).mkdir(exist_ok=True)
        serve = [sys.executable, "-m", "punchout.sandbox", "serve", "--seed", str(self.seed)]
        return [*serve, *folders, "--secret-file", str(self.folder / "secret"), *self.options]

    def start(self) -> None:
        self.process = subprocess.Popen(self.arguments(), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def get(self, name: str) -> Json:
        return dict(CLIENT.get(f"{self.ready['control_url']}/{name}").raise_for_status().json())

    def advance(self, round_number: int | None = None) -> Json:
        body = {} if round_number is None else {"round": round_number}
        answer = CLIENT.post(f"{self.ready['control_url']}/advance", json=body)
        return dict(answer.raise_for_status().json())

    def redeliver(self) -> Json:
        answer = CLIENT.post(f"{self.ready['control_url']}/redeliver")
        return dict(answer.raise_for_status().json())

    def post(self, body: bytes) -> tuple[int, str]:
        """Post to the stand-in Amazon. Returns code and text of the cXML Status."""
        answer = CLIENT.post(self.ready["order_url"], content=body, headers={"Connection": "close"})
        status = etree.fromstring(answer.content).find("Response/Status")
        assert status is not None
        return int(status.get("code", "0")), (status.text or "")

    def files(self, feed: str, pattern: str = "*") -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.folder / feed).glob(pattern))}

    def write_update(self, name: str, kind: str, rows: list[Json], manifest: Json | None = None) -> None:
        """Write an update file with its manifest; `manifest` overrides what the manifest states."""
        created = f"2026-03-02T17:00:00.{len(list((self.folder / 'home').rglob('*.json'))):06d}Z"
        body = json.dumps({"createdAt": created, "kind": kind, "value": rows}).encode()
        stated = {"file": f"{name}.json", "kind": kind, "rows": len(rows), "createdAt": created}
        stated["sha256"] = hashlib.sha256(body).hexdigest()
        (self.folder / "bc-updates" / f"{name}.json").write_bytes(body)
        text = json.dumps({**stated, **(manifest or {})})
        (self.folder / "bc-updates" / f"{name}.manifest.json").write_text(text)


@dataclass
class PerfectBuyer:
    """Does after each advance what a product should do, and compares."""

    sandbox: RunningSandbox
    carts: dict[str, Any] = field(default_factory=dict)
    arrivals: dict[str, int] = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    lost_replies: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    script: Script = HANDFUL

    def play_round(self) -> tuple[Json, int, list[Difference]]:
        """Play one round. Returns the answer of advance, how much was compared and what differs."""
        outcome = self.sandbox.advance()
        self.sync(outcome["round"])
        for action in outcome["actions"]:
            self.send(next(row for row in self.requests() if row["number"] == action["send"]))
        expected = self.sandbox.get("expected")
        status = {name: expected[name] for name in ("as_of", "requests", "documents")}
        tables, orders = self.sandbox.get("business-central"), self.sandbox.get("orders")
        compared, found = differences(expected, status, tables, orders)
        return outcome, compared, found

    def play(self, rounds: int) -> Json:
        outcome: Json = {}
        for _ in range(rounds):
            outcome, _, found = self.play_round()
            assert not found
        return outcome

    def requests(self) -> list[Json]:
        return list(self.sandbox.get("business-central")["requests"])

    def sync(self, round_number: int) -> None:
        self.read_carts(round_number)
        rows = self.requests()
        for row in rows:
            if row["releaseMode"] == "approval" and self.may_be_ordered(row, round_number):
                self.send(row)
        carts = [row for row in rows if not row["lines"] and row["buyerCookie"] in self.carts]
        added = [self.cart_update(row) for row in carts if row["number"] not in self.written]
        self.sandbox.write_update(f"cart-lines-{round_number}", "cart_lines", added)
        self.written.update(row["number"] for row in added)
        identifiers = Identifiers(self.sandbox.seed)
        standing = oracle.requests_after(identifiers, round_number, actions_done=False, script=self.script)
        tracked = [tracking_update(row, round_number) for row in standing]
        self.sandbox.write_update(f"tracking-{round_number}", "tracking", tracked)

    def may_be_ordered(self, row: Json, round_number: int) -> bool:
        """Look for who sends, the purchase order, the e-mail, the cut-over and a cart of less than seven days."""
        if self.script.sent_by == "bc":
            return False
        if not row["purchaseOrderNumber"] or not row["requesterEmail"] or row["orderConfirmationId"]:
            return False
        if datetime.fromisoformat(row["releasedDateTime"]) < datetime.fromisoformat(self.script.cutover):
            return False
        arrived = self.arrivals.get(row["buyerCookie"])
        age = self.script.instant(round_number) - self.script.instant(arrived or round_number)
        return age < timedelta(days=7)

    def read_carts(self, round_number: int) -> None:
        for body in self.sandbox.files("cxml-drop").values():
            if b"<PunchOutOrderMessage>" in body:
                cart = etree.fromstring(body).find("Message/PunchOutOrderMessage")
                assert cart is not None
                self.carts[cart.findtext("BuyerCookie") or ""] = cart
                self.arrivals.setdefault(cart.findtext("BuyerCookie") or "", round_number)

    def cart_update(self, row: Json) -> Json:
        lines = [
            {
                "requestNumber": row["number"],
                "lineNumber": 10000 * position,
                "supplierPartId": item.findtext("ItemID/SupplierPartID"),
                "supplierPartAuxiliaryId": item.findtext("ItemID/SupplierPartAuxiliaryID"),
                "description": item.findtext("ItemDetail/Description")[:100],
                "quantity": item.get("quantity"),
                "unitOfMeasureCode": item.findtext("ItemDetail/UnitOfMeasure"),
                "unitPrice": item.findtext("ItemDetail/UnitPrice/Money"),
            }
            for position, item in enumerate(self.carts[row["buyerCookie"]].iterfind("ItemIn"), 1)
        ]
        return {"updateId": f"cart-{row['number']}", "number": row["number"], "currencyCode": "USD", "lines": lines}

    def send(self, row: Json) -> None:
        if row["number"] in self.posted:
            return
        self.posted.add(row["number"])
        try:
            code, _ = self.sandbox.post(order_request(row))
            self.refused += [] if code == HTTPStatus.OK else [row["number"]]
        except httpx.RemoteProtocolError:
            self.lost_replies.append(row["number"])


def tracking_update(row: Json, round_number: int) -> Json:
    """Turn the standing of a request into a tracking row: what is known, for lines that Business Central holds."""
    update: Json = {"updateId": f"track-{row['request_no']}-{round_number}", "number": row["request_no"]}
    update["stage"] = row["stage"]
    if row["order_confirmation_id"]:
        update["orderConfirmationId"] = row["order_confirmation_id"]
    names = {
        "shippingDate": "shipping_date",
        "deliveryDate": "delivery_date",
        "invoiceId": "invoice_id",
        "invoiceDate": "invoice_date",
    }
    update["lines"] = [
        {"requestNumber": row["request_no"], "lineNumber": line["line_number"]}
        | {theirs: line[ours] for theirs, ours in names.items() if line[ours]}
        for line in row["lines"]
        if line["line_number"]
    ]
    return update
