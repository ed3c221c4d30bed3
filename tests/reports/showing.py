"""A report in a real browser, and what a person sees there."""

from pathlib import Path

from punchout.reports.tracking import render
from tests.reports.chromium import Page
from tests.reports.statuses import Json, compared

_SHOWN = "[...document.querySelectorAll('#requests>tbody[id]')]"
SHOWN_REQUESTS = f"{_SHOWN}.map((body) => body.querySelector('summary').textContent)"
SHOWN_WORK = "document.querySelectorAll('#worklist tr[data-row]').length"
SHOWN_DOCUMENTS = "document.querySelectorAll('#documents tr[data-row]').length"
SHOWN_LINES = "[...document.querySelectorAll('.l')].filter((row) => row.offsetHeight > 0).length"
# The texts of the cells of all rows at a selector, without spaces: what sets parts apart is often not text.
CELLS = """[...document.querySelectorAll("%s")].map(
  (row) => [...row.cells].map((cell) => cell.textContent.replace(/\\s+/g, ""))
)"""


def compared_throughout(given: Json) -> Json:
    """Return a status object in which every line is compared."""
    for asked in given["requests"]:
        for one in asked["lines"]:
            one["match"] = compared(one)
    return given


class Shower:
    """Opens a report from disk."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path

    def __call__(self, given: Json, view: str = "") -> Page:
        self.path.write_text(render(given), encoding="utf-8")
        self.page.open(self.path.as_uri() + view)
        return self.page

    @property
    def address(self) -> str:
        return self.path.as_uri()

    def go(self, view: str) -> None:
        """Go to another view of the page that is open, as a link does."""
        self.page.run(f"location.hash = {view!r}")
        self.page.run("new Promise((done) => setTimeout(done, 30))")
