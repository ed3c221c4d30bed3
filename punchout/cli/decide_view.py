"""Decisions and what they change, as plain values and drawn for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from punchout.cli.console import heading, table

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from punchout.cli.deciding import Taken
    from punchout.ledger.decisions.standing import Effect

Json = Mapping[str, Any]

_COLUMNS = ("decided", "about", "line", "code", ">price", "by", "at", "reason")
_NAMES = ("kind", "subject", "line", "code", "price", "by", "at", "reason")
_HASH = 64
_SHOWN = 12


def taken_as_plain(taken: "Taken", *, dry_run: bool) -> dict[str, Any]:
    """Return what was decided as JSON shows it."""
    from punchout.ledger.decisions.decided import decision_as_plain

    return {
        "dry_run": dry_run,
        "decisions": [decision_as_plain(one) for one in taken.meant],
        "new": len(taken.new),
        "changes": changes_as_plain(taken.effects),
    }


def changes_as_plain(effects: "Sequence[Effect]") -> list[dict[str, Any]]:
    """Return what changed in which request as JSON shows it."""
    return [
        {
            "request_no": None if effect.key is None else effect.key.request_no,
            "subject": change.subject,
            "field": change.field,
            "before": change.before,
            "after": change.after,
        }
        for effect in effects
        for change in effect.changes
    ]


def taken_view(plain: Json) -> "Iterator[Table | Text]":
    """Yield what to draw of decisions that were taken, or would be."""
    yield decisions_table(plain["decisions"])
    if plain["changes"]:
        yield changes_table(plain["changes"], "What it would change" if plain["dry_run"] else "What it changed")
    else:
        yield heading("Nothing changes by it" + (" yet." if plain["new"] else "."))


def changes_table(changes: Sequence[Json], title: str) -> "Table":
    """Return the table that shows what changed."""
    names = ("request_no", "subject", "field", "before", "after")
    rows = ([short(one[name]) for name in names] for one in changes)
    return table(("request", "of", "value", "before", "after"), rows, title=title)


def decisions_table(decisions: Sequence[Json]) -> "Table":
    """Return the table that shows decisions."""
    return table(_COLUMNS, ([short(one[name]) for name in _NAMES] for one in decisions), title="Decisions")


def short(value: Any) -> Any:  # noqa: ANN401 - any value of a decision
    """Cut the hash that a subject begins with to what tells it from the others, and what `decide` takes."""
    if not isinstance(value, str):
        return value
    head = value.partition("#")[0]
    is_hash = len(head) == _HASH and set(head) <= set("0123456789abcdef")
    return head[:_SHOWN] + value[_HASH:] if is_hash else value
