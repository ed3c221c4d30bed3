"""A browser is sent to the supplier's own pages, and to no other address, however it is written."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.ordering.start_pages import start_page_hosts, start_page_problem

HOSTS = ("shop.example",)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/",
        "https://www.shop.example/a?b=c&d=%20#e",
        "https://SHOP.example:8443/",
        "https://shop.example./",
    ],
)
def test_a_page_of_the_supplier_is_good(url: str) -> None:
    assert start_page_problem(url, HOSTS) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://evil.example/?https://shop.example/", "host evil.example"),
        ("https://shop.example.evil.example/", "host shop.example.evil.example"),
        ("https://evilshop.example/", "host evilshop.example"),
        ("http://shop.example/", "no https|not an https"),
        ("ftp://shop.example/", "not an https"),
        ("//shop.example/", "not an https"),
        ("/shop.example", "not a plain"),
        ("https://a@shop.example/", "not a plain"),
        ("https://shop.example\\.evil.example/", "not a plain"),
        ("https://shop.example/\r\nSet-Cookie: a", "not a plain"),
        ("https://shop.example/ a", "not a plain"),
        ("https://shop.example/\u00e9", "not a plain"),
        ("https://shop.example:port/", "not a plain"),
        ("https://[::1/", "not a plain"),
        ("", "not a plain"),
    ],
)
def test_any_other_address_is_not(url: str, why: str) -> None:
    problem = start_page_problem(url, HOSTS)
    assert problem is not None
    assert any(one in problem for one in why.split("|"))


def test_plain_http_is_good_on_this_machine_alone() -> None:
    assert start_page_problem("http://127.0.0.1:8080/shop", ("127.0.0.1",)) is None
    assert start_page_problem("http://10.0.0.1/shop", ("10.0.0.1",)) is not None


def test_without_hosts_of_its_own_the_setup_s_host_is_good_and_of_amazon_the_whole_domain() -> None:
    assert start_page_hosts("https://punchout.supplier.example/setup", ()) == ("punchout.supplier.example",)
    assert start_page_hosts("https://abintegrations.amazon.com/punchout", ()) == (
        "abintegrations.amazon.com",
        "amazon.com",
    )
    assert start_page_hosts("https://abintegrations.amazon.co.uk/punchout", ())[1:] == ("amazon.co.uk",)
    assert start_page_hosts("https://notamazon.com/", ()) == ("notamazon.com",)


def test_hosts_of_the_settings_stand_alone() -> None:
    assert start_page_hosts("https://abintegrations.amazon.com/", ("Shop.Example.",)) == ("shop.example",)


@given(st.text(max_size=60) | st.builds("https://{}".format, st.text("ab.@:/\\?#[]%shopexample", max_size=40)))
def test_whatever_is_good_is_a_host_of_the_supplier_to_whoever_reads_it(url: str) -> None:
    if start_page_problem(url, HOSTS) is None:
        host = (urlsplit(url).hostname or "").rstrip(".")
        assert host == "shop.example" or host.endswith(".shop.example")
        assert url.isascii()
        assert url.isprintable()
