"""Send one request of the access table, and undo what it did."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.middleware.csrf import _get_new_csrf_string

from prm.tenancy import context
from tests.conftest import PortalClient
from tests.standing.addresses import Address, address_of
from tests.standing.crawling import Read, read, text_of
from tests.standing.seed import World
from tests.standing.urls import HOSTS, URLCONFS

SCHEMAS = {"tenant": "acme", "ops": "ops", "public": "acme"}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def keys_for(world: World, host: str) -> Mapping[str, str]:
    """Return the keys of a host's tenant; what the operators do not have is a vendor's."""
    return {**world.of("acme"), **world.of(SCHEMAS[host])}


def send(
    client: PortalClient,
    host: str,
    name: str,
    method: str,
    keys: Mapping[str, str],
    *,
    token: bool = True,
    follow: bool = False,
) -> Any:
    """Return the answer; the browser keeps no cookie of it and the database no row.

    `follow` returns what can be read of the answer and of the page that it leads to.
    """
    address = address_of(name)
    url = address.url(name, keys, URLCONFS[host])
    before = {cookie: morsel.value for cookie, morsel in client.cookies.items()}
    try:
        with undone():
            response = _sent(client, host, url, method, address, keys, token)
            return _read(client, host, url, response) if follow else response
    finally:
        client.cookies.clear()
        client.cookies.load(before)


def _sent(
    client: PortalClient,
    host: str,
    url: str,
    method: str,
    address: Address,
    keys: Mapping[str, str],
    token: bool,
) -> Any:
    server = HOSTS[host]
    if method == "GET":
        return client.get(url, SERVER_NAME=server)
    client.handler.enforce_csrf_checks = True
    headers = {}
    if token:
        client.cookies["csrftoken"] = headers["X-CSRFToken"] = _get_new_csrf_string()
    if method != "POST":
        return client.generic(method, url, SERVER_NAME=server, headers=headers)
    with context.entered(SCHEMAS[host]):
        form = address.form(keys)
    return client.post(url, form, SERVER_NAME=server, headers=headers)


def _read(client: PortalClient, host: str, url: str, response: Any) -> Read:
    """Return an answer with the page after it as one reading."""
    text = text_of(response, url)
    target = response.headers.get("Location", "")
    if target.startswith("/"):
        text += read(client, HOSTS[host], target).text
    return Read(url, response.status_code, text, response)
