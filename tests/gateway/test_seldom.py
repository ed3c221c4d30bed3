"""What anybody can cause is logged now and then, with how often it was."""

from structlog.testing import capture_logs

from punchout.gateway.seldom import Seldom


def test_of_many_at_once_one_line_tells_and_a_later_one_tells_how_many_there_were() -> None:
    now = [100.0]
    seldom = Seldom("somebody knocked", lambda: now[0])
    with capture_logs() as lines:
        for number in range(1_000):
            seldom.note(latest=f"192.0.2.{number}")
        now[0] += 10
        seldom.note(latest="198.51.100.1")
    assert [(line["event"], line["times"], line["latest"]) for line in lines] == [
        ("somebody knocked", 1, "192.0.2.0"),
        ("somebody knocked", 1_000, "198.51.100.1"),
    ]
