"""The answer to a ProfileRequest is valid by the DTD and read back as it was written."""

from pathlib import Path

import pytest

from cxml_parsers.dtds import DtdShelf
from cxml_parsers.profile_response import write_profile_response
from cxml_parsers.reader import read
from punchout.model.answers import ProfileResponse

TAKEN = [("OrderRequest", "https://x.example/cxml?a=1&b=2"), ("ProfileRequest", "https://x.example/cxml")]
AT = 1_772_470_800_000_000


def test_it_is_read_back_as_it_was_written() -> None:
    parsed = read(write_profile_response(TAKEN, payload_id="1@x.example", timestamp=AT))
    assert isinstance(parsed.body, ProfileResponse)
    assert [(one.name, one.url) for one in parsed.body.transactions] == TAKEN
    assert parsed.body.effective is not None
    assert parsed.body.effective.utc == AT
    assert (parsed.envelope.payload_id, parsed.envelope.status_code) == ("1@x.example", 200)


def test_it_is_valid_by_the_dtd(test_data: Path) -> None:
    shelf = DtdShelf(test_data / "dtd")
    written = write_profile_response(TAKEN, payload_id="1@x.example", timestamp=AT)
    assert shelf.has("cXML.dtd")
    assert shelf.validate(written) == ()


def test_a_profile_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="without transactions"):
        write_profile_response([], payload_id="1@x.example", timestamp=AT)
