"""Who reaches what: every URL, every persona, every method, against a table that a person reads."""

import logging
from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from tests.conftest import PortalClient
from tests.standing import demo_ops_urls, demo_tenant_urls, matrix, urls
from tests.standing.addresses import ADDRESSES, address_of
from tests.standing.conftest import client_of
from tests.standing.matrix import SIGN_IN, Line
from tests.standing.sending import keys_for, send

LINES = matrix.lines()
WITH_RECORD = [line for line in LINES if address_of(line.name).path and line.host != "ops"]
PARTNERS_OWN = [
    line
    for line in WITH_RECORD
    if line.name.startswith(("registrations:", "partners:own")) and "manage" not in line.name
]
METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
REACHED = {"200", "204", "302", "303", "422"}
CLOSED = {"404", "405"}


@pytest.fixture(scope="module", autouse=True)
def _only_the_answer_counts(world) -> Iterator[None]:
    """Nothing falls due when the demo's clock moves (a mail cannot be undone); refusals are bare."""
    logging.disable(logging.WARNING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.demo.timewarp.catch_up", lambda: None)
        for urlconf in (demo_tenant_urls, demo_ops_urls):
            patch.setattr(urlconf, "handler403", f"{__name__}.bare_403")
            patch.setattr(urlconf, "handler404", f"{__name__}.bare_404")
        yield
    logging.disable(logging.NOTSET)


def bare_403(request, exception=None) -> HttpResponse:
    """A refusal that costs nothing; the real page is read elsewhere."""
    return HttpResponse(status=403)


def bare_404(request, exception=None) -> HttpResponse:
    """As above."""
    return HttpResponse(status=404)


def who_gets(line: Line, method: str) -> str | None:
    """Return the first persona who gets somewhere with a method."""
    at = METHODS.index(method)
    return next((who for who, both in line.outcomes.items() if both[at] in REACHED), None)


def _who_is_known(line: Line) -> str:
    """Return the first persona who is not asked to sign in."""
    return next(who for who, both in line.outcomes.items() if both[0] != SIGN_IN)


@pytest.mark.parametrize("host", urls.URLCONFS)
def test_every_url_declares_who_may_reach_it(host):
    for urlconf in (urls.URLCONFS[host], urls.WITHOUT_DEMO[host]):
        undeclared = [n for n, entry in urls.walk(urlconf) if urls.declaration(n, entry) is None]
        assert undeclared == []


@pytest.mark.parametrize("host", urls.URLCONFS)
def test_every_url_has_a_line_in_the_table(host):
    known = [line.name for line in LINES if line.host == host]
    assert known == urls.names(urls.URLCONFS[host])


def test_every_address_belongs_to_a_url():
    assert ADDRESSES.keys() - {line.name for line in LINES} == set()


@pytest.mark.parametrize("host", ["tenant", "ops"])
def test_without_the_flag_only_the_demos_urls_are_gone(host):
    before, after = urls.names(urls.URLCONFS[host]), urls.names(urls.WITHOUT_DEMO[host])
    assert [name for name in before if not name.startswith("demo:")] == after


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_gets_what_the_table_says(line, world, clients):
    keys = keys_for(world, line.host)
    found = {
        persona: tuple(
            matrix.outcome(send(clients[persona], line.host, line.name, method, keys))
            for method in METHODS
        )
        for persona in line.outcomes
    }
    assert found == line.outcomes


@pytest.mark.parametrize("line", [x for x in LINES if who_gets(x, "POST")], ids=str)
def test_no_form_is_taken_without_its_token(line, world, clients):
    keys, persona = keys_for(world, line.host), who_gets(line, "POST")
    response = send(clients[persona], line.host, line.name, "POST", keys, token=False)
    assert response.status_code == 403


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_no_other_method_is_answered(method, world, clients):
    found = {}
    for line in LINES:
        persona = who_gets(line, "POST") or who_gets(line, "GET") or _who_is_known(line)
        keys = keys_for(world, line.host)
        response = send(clients[persona], line.host, line.name, method, keys)
        if response.status_code not in {403, 404, 405}:
            found[str(line)] = response.status_code
    assert found == {}


def _refused(line: Line, client: PortalClient, keys) -> dict[str, str]:
    """Return what is not 404 or 405, per method."""
    found = {m: matrix.outcome(send(client, line.host, line.name, m, keys)) for m in METHODS}
    return {method: outcome for method, outcome in found.items() if outcome not in CLOSED}


@pytest.mark.parametrize("line", WITH_RECORD, ids=str)
def test_another_tenants_records_are_not_there(line, world, clients):
    here, there = world.of("acme"), dict(world.of("globex"))
    there["own.partner"] = there["rival.partner"]  # both tenants' first partner has one reference
    theirs = {key: there[key] for key in address_of(line.name).path.values()}
    if all(here[key] == value for key, value in theirs.items()):
        assert theirs == {"closure": here["closure"]}  # a day is no record's name
        return
    for persona in {who_gets(line, method) for method in METHODS} - {None}:
        assert _refused(line, clients[persona], {**here, **theirs}) == {}


@pytest.mark.parametrize("line", PARTNERS_OWN, ids=str)
def test_a_rivals_records_are_not_there(line, world, clients):
    here = world.of("acme")
    rivals = {k: here[k.replace("own.", "rival.", 1)] for k in here if k.startswith("own.")}
    assert _refused(line, clients["paula"], {**here, **rivals}) == {}


def test_whoever_was_kept_out_is_nobody(world, clients):
    """A session that was opened before its person was removed opens nothing any more."""
    client = client_of("acme", world.of("acme")["own.gone"])
    expected = {line.name: line.outcomes["anon"][0] for line in LINES if line.host == "tenant"}
    keys = keys_for(world, "tenant")
    found = {name: matrix.outcome(send(client, "tenant", name, "GET", keys)) for name in expected}
    assert found == expected
    assert SIGN_IN in found.values()


@pytest.mark.parametrize("persona", ["pat", "paula", "sam", "mia", "ada", "fin", "lex", "ana",
                                     "nadia", "lea", "olga"])  # fmt: skip
def test_the_way_home_leads_to_a_page(persona, clients):
    response = clients[persona].get("/", follow=True)
    assert response.status_code == 200
