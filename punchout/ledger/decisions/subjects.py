"""What a person means when they name a document, a line, a place or an exception: the names decisions are kept under.

People say what `punchout status` and `punchout trace` show them: a request by any identifier, `REQ/LINE`, a document by
its number, its file name, the beginning of its hash or the number it goes by in business, `DOC#1.2` for a place in it.
What leads nowhere, or to several things, is refused with what there is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import sqlalchemy as sa

from punchout.ledger.decisions.standing import Judging, standing
from punchout.ledger.decisions.waiting import exceptions_of
from punchout.ledger.documents.named_documents import NamedDocument, named_documents
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.search import find, numbers_like
from punchout.ledger.tables.facts import DOCUMENT_ENVELOPE
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.model.codes import Code
from punchout.model.keys import STAND_IN, RequestKey
from punchout.reconciliation.results import ExceptionFound, LinePosition, Reconciled
from punchout.reconciliation.rulings import place_key

# Without numbers it is the document as a whole, as the exceptions about one name it.
_PLACE = re.compile(r"(.+)#((?:[0-9]+(?:\.[0-9]+)*)?)", re.DOTALL | re.ASCII)
_SHOWN = 12
_NEAR = 5


class UnknownSubjectError(NotPossibleError):
    """Nothing, or more than one thing, goes by what was said; the message names what is near."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A request as it stands, and as it would stand had nobody decided anything: what may be decided about."""

    key: RequestKey
    now: Reconciled
    undecided: Reconciled

    def exceptions(self) -> dict[tuple[Code, str], ExceptionFound]:
        """All exceptions that hold or that only a decision ended."""
        every = (*self.undecided.exceptions, *self.now.exceptions, *self.now.waived)
        return {(one.code, one.subject_key): one for one in every}

    def places(self) -> set[str]:
        """All places of documents that are on a line, or that an exception is about."""
        both = (self.undecided, self.now)
        linked = {place_key(link.body_sha256, link.ordinals) for result in both for link in result.links}
        return linked | {one.subject_key for one in self.exceptions().values() if one.subject_kind == "document"}


class Subjects:
    """Finds subjects in one ledger; each request is computed once."""

    def __init__(self, connection: sa.Connection, judging: Judging) -> None:
        self._connection = connection
        self._judging = judging
        self._requests: dict[RequestKey, _Known] = {}

    def request(self, text: str) -> RequestKey:
        """Return the one request that an identifier leads to.

        Raises:
            UnknownSubjectError: there is none, or there are several.
        """
        return self._request(text).key

    def line(self, text: str) -> str:
        """Return the subject of a line that is named `REQ/LINE`.

        Raises:
            UnknownSubjectError: there is no such request, or it has no such line.
        """
        name, slash, wanted = text.rpartition("/")
        if not slash:
            raise UnknownSubjectError(f"{text} names no line; say REQ/LINE, such as PR0001/10000")
        known = self._request(name)
        return f"{known.key.request_no}/{_line_of(known, wanted).key}"

    def document(self, text: str) -> str:
        """Return the body hash of a document.

        Raises:
            UnknownSubjectError: there is no such document among those that count, or there are several.
        """
        return self._document(text).body_sha256

    def place(self, text: str) -> str:
        """Return the subject of a place that is named `DOC#1.2`; a document with one place needs no numbers.

        Raises:
            UnknownSubjectError: there is no such document, or it has no such place.
        """
        return self._place(text)[1]

    def place_and_line(self, text: str, line: str) -> tuple[str, str]:
        """Return the subject of a place, and the key of a line of the request that the place belongs to.

        Raises:
            UnknownSubjectError: one of them is not there, or they belong to different requests.
        """
        known, place = self._place(text)
        name, slash, wanted = line.rpartition("/")
        if slash and self._request(name).key != known.key:
            raise UnknownSubjectError(f"{text} belongs to {known.key.request_no}, and {line} to another request")
        return place, _line_of(known, wanted).key

    def exception(self, text: str, code: str) -> tuple[str, str]:
        """Return the subject and the code of an exception: of a request, a line, or a place of a document.

        Raises:
            UnknownSubjectError: there is no such exception, or there are several.
        """
        wanted = _code(code)
        waiting = self._waiting(text)
        subject = _only(text, wanted, waiting)
        if subject is not None:
            return subject, wanted.value
        try:
            known, matching = self._exceptions(text)
        except UnknownSubjectError:
            if not waiting:
                raise
            there = sorted({one.value for one, _ in waiting})
            raise UnknownSubjectError(f"{text} has no {wanted}; it waits with {_several(there)}") from None
        subject = _only(text, wanted, matching)
        if subject is not None:
            return subject, wanted.value
        there = sorted({one.value for one, _ in known.exceptions()})
        raise UnknownSubjectError(f"{text} has no {wanted}; {known.key.request_no} has {_several(there)}")

    def _waiting(self, text: str) -> list[tuple[Code, str]]:
        """Return the exceptions that a text may mean of a document, or a place of it, that waits for its order."""
        stated = _PLACE.fullmatch(text)
        # As elsewhere, what leads to a request means that.
        if stated is None and self._keys(text):
            return []
        named = named_documents(self._connection, self._judging.account, stated.group(1) if stated else text)
        bodies = {one.body_sha256 for one in named}
        found = [one for body in sorted(bodies) for one in exceptions_of(self._connection, self._judging.account, body)]
        return found if stated is None else [one for one in found if one[1].endswith(f"#{stated.group(2)}")]

    def _exceptions(self, text: str) -> tuple[_Known, Sequence[tuple[Code, str]]]:
        """Return the exceptions that a text may mean: of a place, a line or a document, else of a whole request."""
        if _PLACE.fullmatch(text):
            known, place = self._place(text)
            return known, [one for one in known.exceptions() if one[1] == place]
        keys = self._keys(text)
        if not keys and "/" in text:
            subject = self.line(text)
            known = self._request(text.rpartition("/")[0])
            return known, [one for one in known.exceptions() if one[1] == subject]
        # Digits may be the number of a purchase order, which outranks that of a document in the ledger.
        is_document = not text.isdecimal() and all(key.request_no != text for key in keys)
        documents = named_documents(self._connection, self._judging.account, text) if is_document or not keys else []
        if not documents:
            known = self._request(text)
            return known, list(known.exceptions())
        places = self._places(self._document(text))
        owners = {known.key: known for known in places.values()}
        found = [one for known in owners.values() for one in known.exceptions() if one[1] in places]
        return next(iter(owners.values())), found

    def _request(self, text: str) -> _Known:
        keys = self._keys(text)
        if len(keys) > 1:
            raise UnknownSubjectError(f"{text} leads to several requests: {_several(key.request_no for key in keys)}")
        if not keys:
            near = _several(numbers_like(self._connection, text, _NEAR)) or "none"
            raise UnknownSubjectError(f"no request is known by {text}; near it: {near}")
        return self._known(keys[0])

    def _keys(self, text: str) -> list[RequestKey]:
        found = find(self._connection, text).requests
        if not found and text.startswith(STAND_IN):
            # A request has claimed the purchase order since it was shown under this name.
            found = find(self._connection, text.removeprefix(STAND_IN)).requests
        return [key for key in found if key.account == self._judging.account]

    def _known(self, key: RequestKey) -> _Known:
        if key not in self._requests:
            history = histories(self._connection, [key])[key]
            now = standing(self._connection, history, self._judging)
            undecided = standing(self._connection, replace(history, decisions=()), self._judging)
            if now is None or undecided is None:
                raise UnknownSubjectError(f"nothing is known of {key.request_no} any more")
            self._requests[key] = _Known(key, now, undecided)
        return self._requests[key]

    def _document(self, text: str) -> NamedDocument:
        found = named_documents(self._connection, self._judging.account, text)
        if not found:
            raise UnknownSubjectError(
                f"no document that counts goes by {text}; `punchout trace ID` names those of a request, and "
                "`punchout quarantine ls` those that were refused"
            )
        if len({one.body_sha256 for one in found}) > 1:
            raise UnknownSubjectError(
                f"{text} names several documents: {_several(map(str, found))}; name one by number"
            )
        return found[0]

    def _place(self, text: str) -> tuple[_Known, str]:
        stated = _PLACE.fullmatch(text)
        document = self._document(stated.group(1) if stated else text)
        there = self._places(document)
        # What an exception says of a document as a whole is no place beside those inside it.
        inner = [one for one in there if not any(other.startswith(f"{one}.") for other in there)]
        if stated is None and len(inner) == 1:
            return there[inner[0]], inner[0]
        wanted = "" if stated is None else f"{document.body_sha256}#{stated.group(2)}"
        if wanted in there:
            return there[wanted], wanted
        names = _several(f"{document.body_sha256[:_SHOWN]}{one.removeprefix(document.body_sha256)}" for one in there)
        problem = f"has no place {text}" if stated else "has several places"
        raise UnknownSubjectError(f"{document} {problem}; its places are {names}")

    def _places(self, document: NamedDocument) -> dict[str, _Known]:
        """Return the places of a document with the request that each belongs to."""
        there = {
            place: known
            for known in map(self._known, self._owners(document.body_sha256))
            for place in known.places()
            if place.startswith(document.body_sha256)
        }
        if not there:
            raise UnknownSubjectError(
                f"{document} has no place to decide about: it is on no line, and no exception of a request is about it"
            )
        return dict(sorted(there.items()))

    def _owners(self, body_sha256: str) -> list[RequestKey]:
        placed = ASSIGNMENT.c
        query = (
            sa.select(placed.company, placed.supplier, placed.request_no)
            .join(DOCUMENT_ENVELOPE, DOCUMENT_ENVELOPE.c.document_id == placed.document_id)
            .where(DOCUMENT_ENVELOPE.c.body_sha256 == body_sha256)
            .distinct()
        )
        keys = sorted(RequestKey(*row) for row in self._connection.execute(query))
        return [key for key in keys if key.account == self._judging.account]


def _only(text: str, wanted: Code, matching: Iterable[tuple[Code, str]]) -> str | None:
    """Return the one subject that has an exception of a code; None where none has."""
    found = sorted(subject for code, subject in matching if code is wanted)
    if len(found) > 1:
        raise UnknownSubjectError(f"{text} has {wanted} several times: about {_several(found)}; name one of them")
    return found[0] if found else None


def _line_of(known: _Known, wanted: str) -> LinePosition:
    """Return a line by its number or key, or by its part id where one line alone has it."""
    lines = known.now.lines
    exact = [line for line in lines if wanted in (line.key, str(line.line_number))]
    found = exact or [line for line in lines if line.supplier_part_id == wanted]
    if len(found) == 1:
        return found[0]
    number, there = known.key.request_no, _several(f"{line.key} ({line.supplier_part_id})" for line in lines)
    problem = f"has no line {wanted}" if not found else f"has several lines {wanted}"
    raise UnknownSubjectError(f"{number} {problem}; its lines are {there or 'not known yet'}")


def _code(text: str) -> Code:
    try:
        return Code[text.strip().upper()]
    except KeyError:
        near = _several(get_close_matches(text.upper(), [code.value for code in Code], n=3, cutoff=0.4))
        raise UnknownSubjectError(f"{text} is no code of an exception; near it: {near or 'none'}") from None


def _several(names: Iterable[str]) -> str:
    listed = list(names)
    more = [f"and {len(listed) - _NEAR * 2} more"] if len(listed) > _NEAR * 2 else []
    return ", ".join([*listed[: _NEAR * 2], *more])
