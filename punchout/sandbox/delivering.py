"""Delivery: files go out of the archive, each by its door, into the folder of a feed or by post to the buyer.

What is posted is posted in the order in which it was sent, and has an answer before the next goes out. A delivery that
was cut short is repeated as a whole.
"""

from dataclasses import dataclass
from pathlib import Path

from punchout.sandbox import archive
from punchout.sandbox.posting import Poster
from punchout.sandbox.state import Feed, SentFile, write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The doors of a running sandbox.

    Attributes:
        home: where the archive is.
        folders: of each feed.
        poster: the way by post; None where everything goes into folders.
        clock: the file in which the buyer's gateway finds the moment at which something comes in, if any does.
    """

    home: Path
    folders: dict[Feed, Path]
    poster: Poster | None = None
    clock: Path | None = None

    def put(self, files: list[SentFile], moment: str, prefix: str = "") -> None:
        """Deliver files at a moment. Without fsync: what a power cut takes, redelivery brings back.

        Raises:
            PostingError: the buyer does not answer, or otherwise than was expected.
        """
        if self.clock is not None:
            write_whole(self.clock, moment.encode())
        for sent, body in archive.kept(self.home, files):
            name = sent["name"] if sent["keep_name"] else prefix + sent["name"]
            answer = sent.get("answer")
            if self.poster is not None and answer is not None:
                self.poster.post(name, body, answer)
            else:
                write_whole(self.folders[sent["feed"]] / name, body)
