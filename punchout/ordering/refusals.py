"""Why an order cannot be built, all reasons at once, so that a person corrects them in one go."""

from dataclasses import dataclass

from punchout.model.codes import Code


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason.

    Attributes:
        code: of the closed vocabulary.
        where: the part concerned: `request`, `purchase order`, `shipTo.city`, `line 10000` (the request's Line No.).
        detail: one line for a person.
    """

    code: Code
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """An order that cannot be built, with every reason, in reading order; never empty."""

    reasons: tuple[Refusal, ...]


class Findings:
    """Collects reasons while an order is put together. Not shared: one for each attempt."""

    def __init__(self) -> None:
        self._reasons: list[Refusal] = []

    def refuse(self, where: str, detail: str, code: Code = Code.OUT_VALIDATION) -> None:
        """Add a reason; one that is already there is not repeated."""
        reason = Refusal(code, where, detail)
        if reason not in self._reasons:
            self._reasons.append(reason)

    def need(self, text: str | None, where: str) -> str:
        """Return a text that must be there; a blank one is a reason, and building goes on without it."""
        if text is None or not text.strip():
            self.refuse(where, "is missing")
            return ""
        return text

    def refusals(self) -> Refusals | None:
        """Return what was found, None where nothing stands against the order."""
        return Refusals(tuple(self._reasons)) if self._reasons else None
