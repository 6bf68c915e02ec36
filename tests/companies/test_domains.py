"""Domains from whatever was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.domains import host_of, identifying, is_shared, label_of, normalise_domain


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("initech.example", "initech.example"),
        ("https://www.Initech.co.uk/about?x=1#y", "initech.co.uk"),
        ("pat@mail.initech.com", "initech.com"),
        ("mailto:pat@initech.com", "initech.com"),
        ("Pat Seller <pat@initech.com>", "initech.com"),
        ("//initech.com/", "initech.com"),
        ("http://user:pw@initech.com:8080/", "initech.com"),
        ("  initech.com. ", "initech.com"),
        ("www.müller.de", "xn--mller-kva.de"),
        ("初.jp", "xn--7br.jp"),
        ("foo.github.io", "foo.github.io"),
        ("co.uk", ""),
        ("initech", ""),
        ("192.168.0.1", ""),
        ("a..b", ""),
        ("-a.com", ""),
        ("", ""),
        ("http://", ""),
        ("javascript:alert(1)", ""),
        ("x" * 10_000 + ".com", ""),
        ("'; DROP TABLE x; --", ""),
    ],
)
def test_registrable_domain_is_found_in_what_was_typed(typed, expected):
    assert normalise_domain(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "pat@gmail.com",
        "https://linkedin.com/company/initech",
        "initech.wordpress.com",
        "x.github.io",
    ],
)
def test_shared_hosts_identify_nobody(typed):
    assert is_shared(normalise_domain(typed))
    assert identifying(typed) == ""


def test_label_is_the_name_part():
    assert label_of("my-firm.co.uk") == "myfirm"


@given(st.text(max_size=80))
def test_any_text_gives_a_domain_or_nothing(typed):
    domain = normalise_domain(typed)
    assert domain == domain.lower()
    assert normalise_domain(domain) == domain
    assert host_of(typed).isascii()
