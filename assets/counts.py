"""What a whole sync did, added up from what its assets say they did."""

from collections import Counter
from collections.abc import Iterable, Mapping

import dagster as dg

from assets.metadata import Counts


def counts_of(materializations: Iterable[dg.AssetMaterialization]) -> dict[str, int | dict[str, int]]:
    """Add up the counts in the metadata of materializations; what Dagster itself defines is left out."""
    return added(_counts(one.metadata) for one in materializations)


def added(many: Iterable[Counts]) -> dict[str, int | dict[str, int]]:
    """Add counts up name by name, and counts by reason reason by reason."""
    total: dict[str, int | dict[str, int]] = {}
    for counts in many:
        for name, count in counts.items():
            total[name] = _sum(total.get(name), count)
    return total


def _sum(so_far: int | Mapping[str, int] | None, count: int | Mapping[str, int]) -> int | dict[str, int]:
    if isinstance(count, int):
        return count + (so_far if isinstance(so_far, int) else 0)
    before = so_far if isinstance(so_far, Mapping) else {}
    return dict(Counter(before) + Counter(count))


def _counts(metadata: Mapping[str, dg.MetadataValue]) -> Counts:
    found: dict[str, int | Mapping[str, int]] = {}
    for name, value in metadata.items():
        if name.startswith("dagster/"):
            continue
        if isinstance(value, dg.IntMetadataValue) and value.value is not None:
            found[name] = value.value
        elif isinstance(value, dg.JsonMetadataValue) and isinstance(value.data, Mapping):
            found[name] = value.data
    return found
