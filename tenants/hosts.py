"""What may be a portal's host name; pure."""

import ipaddress
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NOT_SCHEMA = re.compile(r"[^a-z0-9]+")
MAX_LENGTH = 253
RESERVED = frozenset(
    {"admin", "api", "app", "assets", "auth", "demo", "ftp", "help", "imap", "localhost", "login"}
    | {"mail", "mx", "ns", "ops", "pop", "portal", "public", "smtp", "static", "status", "support"}
    | {"tenants", "www"}
)
_NOT_SCHEMAS = frozenset({"public", "information_schema", "ops", "tenant", "template"})


class HostRefused(ValueError):
    """The text cannot be a portal's host name; the message says why and can be shown."""


def host_from(typed: str, base_domain: str) -> str:
    """Return the host name that somebody meant: a label under the base domain, or a full name.

    Raises HostRefused with a sentence.
    """
    text = typed.strip().lower().rstrip(".")
    if "://" in text or "/" in text or ":" in text:
        raise HostRefused(_("Type only the host name, without “http://”, a path or a port."))
    host = text if "." in text else f"{text}.{base_domain}"
    host = _ascii(host)
    if len(host) > MAX_LENGTH:
        raise HostRefused(_("A host name has at most 253 characters."))
    if _is_address(host):
        raise HostRefused(_("Type a host name, not the number of a machine."))
    if host == base_domain or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise HostRefused(
            _(
                "A host name has letters, digits and hyphens, for example “acme” or “portal.acme.example”."
            )
        )
    if host.endswith(f".{base_domain}") and host.removesuffix(f".{base_domain}") in RESERVED:
        raise HostRefused(_("This host name is reserved for the installation. Choose another one."))
    return host


def schema_from(name: str, taken: frozenset[str]) -> str:
    """Return a free schema name that resembles a portal's name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = _NOT_SCHEMA.sub("_", plain).strip("_")[:30].strip("_")
    if not stem or not stem[0].isalpha() or stem.startswith("pg_") or len(stem) < 2:
        stem = f"portal_{stem}".strip("_")
    number, schema = 1, stem
    while schema in taken or schema in _NOT_SCHEMAS:
        number += 1
        schema = f"{stem}_{number}"
    return schema


def _ascii(host: str) -> str:
    """Spell letters beyond ASCII as browsers send them."""
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise HostRefused(_("This host name has letters that no browser can send.")) from error


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return all(label.isdigit() for label in host.split("."))
    return True
