"""The handful: sixteen requests written out one by one, with their rounds, documents and accidents. Data only.

Within a round Business Central's people act, then both sides deliver, then the product syncs, then the operator acts.
Several instants fall on another calendar day in Los Angeles than in UTC; daylight saving time begins there on 8 March
2026 at 10:00 UTC. The words it is written in are in `plan`.
"""

from punchout.sandbox.plan import Accident, Confirmation, Invoice, Request, Script, Shipment, Status, backorder, reject

ZONE = "America/Los_Angeles"
# Round 4 is 23 hours after round 3 and round 5 exactly 24 hours after round 4: both sides of a 24 hour deadline.
ROUNDS = (
    "2026-03-02T17:00:00+00:00",
    "2026-03-03T17:00:00+00:00",
    "2026-03-04T18:00:00+00:00",
    "2026-03-05T17:00:00+00:00",
    "2026-03-06T17:00:00+00:00",
    "2026-03-07T18:00:00+00:00",
    "2026-03-08T17:00:00+00:00",
    "2026-03-09T18:00:00+00:00",
)
UNKNOWN_LINE = 97  # a line number that no order of the script has

# fmt: off
REQUESTS = (
    Request(
        number="PR1001", order="106001", about="plain", lines=(3, 1), book=2,
        documents=(
            Confirmation(3, (Status(1, 3), Status(2, 1))),
            Shipment(4, ((1, 3), (2, 1)), "2026-03-05T06:30", "2026-03-09T07:30"),
            Invoice(5, ((1, 3), (2, 1)), "2026-03-06T03:15"),
        ),
    ),
    Request(
        number="PR1002", order="106002", about="released by hand, sent by the operator", lines=(2, 6), cart=2,
        submitted=None, released=3, ordered=3, manual=True, send=4,
        documents=(
            Confirmation(5, (Status(1, 2), Status(2, 6))),
            Shipment(6, ((1, 2), (2, 6)), "2026-03-07T02:00", "2026-03-11T20:00"),
            Invoice(7, ((1, 2), (2, 6)), "2026-03-08T09:30"),
        ),
    ),
    Request(
        number="PR1003", order="106003", about="a rejected line and a rejected part of a line", lines=(4, 2, 1),
        documents=(
            Confirmation(3, (Status(1, 3), reject(1, 1), reject(2, 2), Status(3, 1, repriced=True))),
            Shipment(4, ((1, 3), (3, 1)), "2026-03-05T09:10", "2026-03-08T01:00"),
            Invoice(5, ((1, 3), (3, 1)), "2026-03-06T14:00"),
        ),
    ),
    Request(
        number="PR1004", order="106004", about="accepted, but the reply is lost", lines=(1, 2), answer="drop",
        documents=(
            Confirmation(3, (Status(1, 1), Status(2, 2))),
            Shipment(4, ((1, 1), (2, 2)), "2026-03-05T02:00", "2026-03-07T20:00", carrier=""),
            Invoice(5, ((1, 1), (2, 2)), "2026-03-06T08:30"),
        ),
    ),
    Request(
        number="PR1005", order="106005", about="a line over two shipments and two invoices", lines=(5, 2),
        documents=(
            Confirmation(3, (Status(1, 5), Status(2, 2))),
            Shipment(4, ((1, 2),), "2026-03-05T10:00", "2026-03-07T18:00"),
            Invoice(5, ((1, 2),), "2026-03-06T05:00"),
            Shipment(6, ((1, 3), (2, 2)), "2026-03-07T07:59", "2026-03-10T06:59"),
            Invoice(7, ((1, 3), (2, 2)), "2026-03-08T11:00"),
        ),
    ),
    Request(
        number="PR1006", order="106006", about="wholly rejected", lines=(2, 2),
        documents=(Confirmation(3, (reject(1, 2), reject(2, 2))),),
    ),
    Request(number="PR1007", order="106007", about="refused", lines=(1, 1), released=3, ordered=3, answer="refuse"),
    Request(
        number="PR1008", order="106008", about="backordered, then confirmed by an update", lines=(3, 4),
        documents=(
            Confirmation(3, (Status(1, 1), backorder(1, 2), backorder(2, 4))),
            Confirmation(5, (Status(1, 3), Status(2, 4, via=2)), updates=0),
            Shipment(6, ((1, 3), (2, 4)), "2026-03-07T09:00", "2026-03-09T20:00"),
            Invoice(7, ((1, 3), (2, 4)), "2026-03-08T08:15"),
        ),
    ),
    Request(
        number="PR1009", order="106009", about="an invoice before its ship notice", lines=(2, 3),
        documents=(
            Confirmation(3, (Status(1, 2), Status(2, 3))),
            Invoice(4, ((1, 2), (2, 3)), "2026-03-05T09:00"),
            Shipment(8, ((1, 2), (2, 3)), "2026-03-09T06:45", "2026-03-12T18:00"),
        ),
    ),
    Request(number="PR1010", order="106010", about="never confirmed", lines=(1, 4), released=3, ordered=3),
    Request(
        number="PR1011", order="106011", about="an over-invoiced line", lines=(3, 1), book=1,
        documents=(
            Confirmation(3, (Status(1, 3), Status(2, 1))),
            Shipment(4, ((1, 3), (2, 1)), "2026-03-05T08:30", "2026-03-06T20:00"),
            Invoice(5, ((1, 4), (2, 1)), "2026-03-06T12:00"),
        ),
    ),
    Request(
        number="PR1012", order="106012", about="a ship notice that names an unknown line", lines=(2, 2),
        documents=(
            Confirmation(3, (Status(1, 2), Status(2, 2))),
            Shipment(4, ((1, 2), (UNKNOWN_LINE, 1), (2, 2)), "2026-03-05T11:45", "2026-03-08T20:00"),
            Invoice(6, ((1, 2), (2, 2)), "2026-03-07T07:30"),
        ),
    ),
    Request(
        number="PR1013", order="106013", about="no requester e-mail until round 4", lines=(2, 1), emailed=4,
        documents=(
            Confirmation(6, (Status(1, 2), Status(2, 1))),
            Shipment(7, ((1, 2), (2, 1)), "2026-03-08T07:30", "2026-03-11T06:30", carrier=""),
        ),
    ),
    Request(
        number="PR1014", order="106014", about="released a round before its purchase order", lines=(7, 1, 2),
        released=3, ordered=4,
        documents=(
            Confirmation(5, (Status(1, 7), Status(2, 1), Status(3, 2))),
            Shipment(6, ((1, 7), (2, 1), (3, 2)), "2026-03-07T06:00", "2026-03-10T18:00"),
            Invoice(7, ((1, 7), (2, 1), (3, 2)), "2026-03-08T06:00"),
        ),
    ),
    Request(
        number="PR1015", order="106015", about="one order becomes two Amazon orders", lines=(3, 3, 1), twins=(1, 2),
        backwards=True, released=3, ordered=3,
        documents=(
            Confirmation(4, (Status(1, 2), Status(1, 1, via=2), Status(2, 3, via=2), Status(3, 1))),
            Shipment(5, ((1, 2), (3, 1)), "2026-03-06T05:30", "2026-03-09T18:00"),
            Shipment(6, ((1, 1), (2, 3)), "2026-03-07T08:30", "2026-03-11T05:00"),
            Invoice(6, ((1, 2), (3, 1)), "2026-03-07T10:00"),
            Invoice(7, ((1, 1), (2, 3)), "2026-03-08T07:45"),
        ),
    ),
    Request(
        number="PR1016", order="106016", about="comes late, in the delta export", lines=(1, 1), exported=5, cart=7,
        emailed=5, submitted=8, released=None, ordered=None,
    ),
)
# fmt: on

ACCIDENTS = (
    Accident(round=2, kind="page", verdict="XML_REJECTED"),
    Accident(round=3, kind="truncated", verdict="XML_REJECTED", of=("PR1001", 0)),
    Accident(round=3, kind="twice", verdict="duplicate", of=("PR1003", 0)),
    Accident(round=4, kind="entity", verdict="XML_REJECTED"),
    Accident(round=4, kind="stranger", verdict="waiting"),
    Accident(round=5, kind="forged", verdict="PAYLOAD_REUSED", of=("PR1001", 1)),
    Accident(round=6, kind="column", verdict="EXPORT_INVALID"),  # no order falls due in round 6
)

HANDFUL = Script(
    name="handful",
    rounds=ROUNDS,
    requests=REQUESTS,
    accidents=ACCIDENTS,
    csv_rounds=(3,),
    delta_rounds=(5,),
    cutover="2026-03-03T16:00:00+00:00",  # half an hour before anybody releases anything
)
