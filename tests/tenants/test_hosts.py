"""What may be a host name, and which schema name a portal gets."""

import pytest

from tenants.hosts import RESERVED, HostRefused, host_from, schema_from

BASE = "localhost"


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("acme", "acme.localhost"),
        ("  Acme ", "acme.localhost"),
        ("acme.localhost.", "acme.localhost"),
        ("portal.acme.example", "portal.acme.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("a-1", "a-1.localhost"),
    ],
)
def test_host_from_label_or_full_name(typed, host):
    assert host_from(typed, BASE) == host


@pytest.mark.parametrize(
    "typed",
    [
        "", ".", "-acme", "acme-", "ac me", "ac_me", "acme..example", "http://acme", "acme:8000",
        "acme/x", "127.0.0.1", "1.2", "localhost", "a" * 64, ".".join(["abcdefgh"] * 32), "acme\n.x",
        "acme\x00", "<b>", "ac'me", "..", "a.\u00ad.b",
    ],
)  # fmt: skip
def test_host_from_refuses_with_a_sentence(typed):
    with pytest.raises(HostRefused) as refused:
        host_from(typed, BASE)
    assert str(refused.value).endswith((".", "”."))


@pytest.mark.parametrize("label", sorted(RESERVED))
def test_host_from_refuses_what_the_installation_needs(label):
    with pytest.raises(HostRefused):
        host_from(label, BASE)
    with pytest.raises(HostRefused):
        host_from(f"{label}.localhost", BASE)


def test_a_reserved_label_is_fine_under_a_domain_of_ones_own():
    assert host_from("portal.acme.example", BASE) == "portal.acme.example"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Acme Software", "acme_software"),
        ("Müller & Söhne", "muller_sohne"),
        ("3M-like", "portal_3m_like"),
        ("日本", "portal"),
        ("pg_catalog", "portal_pg_catalog"),
        ("Public", "public_2"),
        ("Ops", "ops_2"),
        ("X", "portal_x"),
        ("A" * 80, "a" * 30),
        ("'; DROP SCHEMA acme; --", "drop_schema_acme"),
    ],
)
def test_schema_from_name(name, schema):
    assert schema_from(name, frozenset()) == schema


def test_schema_from_counts_up_when_taken():
    assert schema_from("Acme", frozenset({"acme", "acme_2"})) == "acme_3"
