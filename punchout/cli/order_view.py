"""Orders of the outbox as the command line shows them: as plain values, and in words."""

from typing import TYPE_CHECKING, Any

from punchout.cli.console import say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.sending.outbox import OutboxOrder


def tell(order_id: str, state: str, detail: str | None) -> None:
    """Say on stderr how an order stands after a step, and what follows from that."""
    words = {
        "sent": "was sent",
        "pending": "stays pending: it did not leave, and the next sync tries it",
        "in_doubt": (
            "is in doubt: do not send it again. Look for it at the supplier, "
            f"then `punchout outbox resolve {order_id} --sent|--not-received --evidence TEXT`"
        ),
        "refused": "was refused by the supplier",
        "blocked": "was not taken, and sending is switched off: every order would meet the same answer",
    }
    why = f" ({detail})" if detail else ""
    say(f"Order {order_id} {words.get(state, f'is {state}')}{why}")


def in_words(order: "OutboxOrder") -> str:
    """Name an order so that a person knows which is meant."""
    shown = as_plain(order)
    return f"{order.order_id} of {shown['request_no']} over {shown['total']} {order.currency}"


def as_plain(order: "OutboxOrder") -> dict[str, Any]:
    """Return an order as JSON shows it; the total as decimal text."""
    from punchout.model.exact import format_decimal, minor_units
    from punchout.model.moments import iso_utc

    return {
        "request_no": order.key.request_no,
        "order_id": order.order_id,
        "payload_id": order.payload_id,
        "state": order.state,
        "reason": order.reason,
        "total": format_decimal(order.total, decimals=minor_units(order.currency)),
        "currency": order.currency,
        "queued_at": iso_utc(order.queued_at),
        "attempts": order.attempt,
    }


def attempts_of(connection: "sa.Connection", order: "OutboxOrder") -> list[dict[str, Any]]:
    """Return the attempts to send an order: when it was marked, and how it ended."""
    import sqlalchemy as sa

    from punchout.ledger.tables.facts import SEND_MARKED, SEND_RESULT
    from punchout.model.moments import iso_utc

    both = sa.and_(SEND_RESULT.c.payload_id == SEND_MARKED.c.payload_id, SEND_RESULT.c.attempt == SEND_MARKED.c.attempt)
    result = SEND_RESULT.c
    query = (
        sa.select(
            SEND_MARKED.c.attempt, SEND_MARKED.c.at.label("marked_at"), result.at.label("result_at"), result.outcome,
            result.http_status, result.cxml_code, result.detail,
        )
        .outerjoin(SEND_RESULT, both)
        .where(SEND_MARKED.c.payload_id == order.payload_id)
        .order_by(SEND_MARKED.c.attempt)
    )  # fmt: skip
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        {name: iso_utc(value) if name.endswith("_at") and value is not None else value for name, value in row.items()}
        for row in rows
    ]


def stored_body(connection: "sa.Connection", order: "OutboxOrder") -> bytes:
    """Return the OrderRequest as it is stored, which never holds the secret.

    Raises:
        NotPossibleError: its bytes were purged.
    """
    import sqlalchemy as sa

    from punchout.ledger.errors import NotPossibleError
    from punchout.ledger.purges import purge_in_words
    from punchout.ledger.tables.facts import ORDER_BODY

    query = sa.select(ORDER_BODY.c.body, ORDER_BODY.c.purge_id).where(ORDER_BODY.c.payload_id == order.payload_id)
    row = connection.execute(query).one()
    if row.purge_id is not None:
        raise NotPossibleError(f"order {order.order_id}: {purge_in_words(connection, row.purge_id)}")
    return bytes(row.body)
