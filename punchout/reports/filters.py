"""What the page can be narrowed by: the values there are, and how many requests or lines have each.

What a filter lets through is `templates/filters.js`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from punchout.reports.requests import RequestRow
from punchout.reports.text import visible

Choices = Sequence[tuple[str, int]]
"""Values in the order of their text, and how many have each."""


def choices(rows: Sequence[RequestRow]) -> Mapping[str, Choices]:
    """Return the choices there are, by the name that a filter has in the page's address."""
    return {
        "order": counted(row.outbox_state for row in rows),
        "company": counted(row.company for row in rows),
        "supplier": counted(row.supplier for row in rows),
        "unit": counted(row.business_unit for row in rows),
        "requester": counted(row.requester for row in rows),
        "currency": counted(line.currency for row in rows for line in row.lines),
    }


def counted(texts: Iterable[str]) -> Choices:
    """Count texts as the page shows them; what is empty is no choice."""
    return sorted(Counter(visible(text) for text in texts if text).items())
