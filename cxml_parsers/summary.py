"""What many documents have in common: what `punchout inspect --summary` counts over a folder.

It is made from what `inspection` says of each document, so that no two ways of counting exist.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

_COUNTED: Final = ("kinds", "verdicts", "reasons", "notes", "unread")


def summary(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what many documents have in common, from what `inspection.as_json` said of each.

    `documents` is their number. `kinds`, `verdicts` and `reasons` have the number of documents, `unread` too: the paths
    that no field holds; `notes` counts the notes by code. `files` is `documents` by its older name, and `by_kind` has
    the verdicts and reasons of each kind. Every table is ordered by number, then by name.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    by_kind: dict[str, Counter[str]] = {}
    documents = 0
    for item in items:
        documents += 1
        kind = item["kind"] or "(none)"
        counts["kinds"][kind] += 1
        counts["verdicts"][item["verdict"]] += 1
        counts["reasons"].update([item["reason"]] if item["reason"] else [])
        counts["notes"].update(note["code"] for note in item["notes"])
        counts["unread"].update(item["unread"])
        by_kind.setdefault(kind, Counter())[item["reason"] or item["verdict"]] += 1
    return {
        "files": documents,
        "documents": documents,
        **{name: _ordered(table) for name, table in counts.items()},
        "by_kind": {kind: _ordered(by_kind[kind]) for kind in _ordered(counts["kinds"])},
    }


def _ordered(table: Counter[str]) -> dict[str, int]:
    return dict(sorted(table.items(), key=lambda each: (-each[1], each[0])))
