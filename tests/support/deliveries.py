"""Files as they lie in a feed, and how a test makes another one of one."""

import dataclasses
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """A file as it lies in a feed."""

    content: str
    name: str
    data: bytes

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def again(self, name: str) -> "Delivery":
        """Give the same bytes under another name."""
        return dataclasses.replace(self, name=name)

    def named(self, name: str) -> "Delivery":
        """Give the document as another of its kind: its file and its payloadID have this name."""
        payload_id = re.search(rb'<cXML payloadID="([^"]*)"', self.data)
        assert payload_id is not None
        return dataclasses.replace(
            self, name=f"{name}.xml", data=self.data.replace(payload_id[1], payload_of(name).encode(), 1)
        )

    def saying(self, new: str, instead_of: str) -> "Delivery":
        """Give the document with one text replaced, which must be there."""
        changed = self.data.replace(instead_of.encode(), new.encode())
        assert changed != self.data, f"{instead_of!r} does not occur"
        return dataclasses.replace(self, name=f"changed-{self.name}", data=changed)


def cxml(name: str, data: bytes) -> Delivery:
    """Give any bytes as a document of the supplier's."""
    return Delivery("cxml", name, data)


def payload_of(name: str) -> str:
    """Give the payloadID of the document of this name."""
    return f"{name}@amazon.example"
