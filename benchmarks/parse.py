"""Bytes to facts against a bare `lxml.etree.fromstring` of the same bytes, with every check of the reader in it.

Both sides are measured in turns, in CPU time, with other documents in every round; the ratio is taken per round and
the median of the rounds is given. The corpus is that of PUNCHOUT_TEST_DATA; without one its figures are null.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.documents import synthetic
from cxml_parsers.guard import parse as guarded
from cxml_parsers.reader import read

_BARE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
_MAX_BYTES = 20 * 1024 * 1024


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part."""
    rounds, size = (5, 400) if quick else (9, 2000)
    _warm_up()
    ratios, bare, guard = _compare(lambda number: synthetic(size, seed=number), rounds)
    documents = synthetic(size, seed=0)
    read_all = [read(data) for data in documents]
    figures: dict[str, Any] = {
        "parse_ratio": round(statistics.median(ratios), 2),
        "parse_ratio_spread": [round(min(ratios), 2), round(max(ratios), 2)],
        "bare_us": round(statistics.median(bare), 1),
        "guarded_lxml_ratio": round(statistics.median(guard), 2),
        "documents": len(documents),
        "documents_accepted": sum(parsed.accepted for parsed in read_all),
        "average_bytes": sum(map(len, documents)) // len(documents),
        "corpus_ratio": None,
        "corpus_documents": 0,
    }
    corpus = _corpus()
    if corpus:
        ratios, _, _ = _compare(lambda _number: corpus * (2 if quick else 10), rounds)
        figures |= {
            "corpus_ratio": round(statistics.median(ratios), 2),
            "corpus_documents": len(corpus),
            "corpus_accepted": sum(read(data).accepted for data in corpus),
        }
    return figures


def _compare(make: Callable[[int], Sequence[bytes]], rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Return for each round the reader's ratio, the bare microseconds a document, and the guard's ratio."""
    ratios, seconds, guard = [], [], []
    for number in range(1, rounds + 1):
        documents = make(number)
        base = _spent(bare, documents)
        ratios.append(_spent(read, documents) / base)
        guard.append(_spent(_guarded, documents) / base)
        seconds.append(base / len(documents) * 1e6)
    return ratios, seconds, guard


def _spent(work: Callable[[bytes], object], documents: Sequence[bytes]) -> float:
    start = time.process_time()
    for data in documents:
        work(data)
    return time.process_time() - start


def bare(data: bytes) -> object:
    """Parse a document with lxml alone; None where it is not well-formed."""
    try:
        return etree.fromstring(data, _BARE)
    except etree.XMLSyntaxError:
        return None


def _guarded(data: bytes) -> object:
    try:
        return guarded(data, _MAX_BYTES)
    except ValueError:
        return None


def _warm_up() -> None:
    for data in synthetic(200, seed=10_000):
        read(data)
        bare(data)


def _corpus() -> list[bytes]:
    folder = os.environ.get("PUNCHOUT_TEST_DATA")
    return [] if folder is None else [path.read_bytes() for path in sorted(Path(folder, "corpus").rglob("*.xml"))]
