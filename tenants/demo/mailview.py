"""Show a captured mail safely, in light and in dark; pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from notifications.capture import CapturedMail
from tenants.demo.personas import Persona

SCHEMES = (("light", _("Light")), ("dark", _("Dark")))
BODY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-top-navigation-by-user-activation", "allow-popups"],
}
_PREFERS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_SCHEME_META = re.compile(r'<meta[^>]*name="(?:supported-)?color-schemes?"[^>]*>', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who got mail: the address, a name if it is a persona's, how many."""

    address: str
    name: str
    count: int


def readers(mails: Iterable[CapturedMail], people: Iterable[Persona]) -> list[Reader]:
    """Return who got mail: personas in their order, then everybody else by address."""
    counts = Counter(mail.address for mail in mails)
    known = {person.email: person.name for person in people}
    ordered = [*known, *sorted(address for address in counts if address not in known)]
    return [Reader(address, known.get(address, address), counts[address]) for address in ordered]


def shown_in(html: str, scheme: str) -> str:
    """Return a mail's HTML as a reader sees it whose device is light, or dark.

    A page cannot tell a frame what it prefers, so the mail's own conditions are answered here.
    """
    html = _PREFERS.sub(
        lambda found: "(min-width: 0)" if found[1].lower() == scheme else "(max-width: 0)", html
    )
    html = _SCHEME_META.sub("", html)
    extra = f'<meta name="color-scheme" content="{scheme}"><base target="_top">'
    if not _HEAD.search(html):
        return extra + html
    return _HEAD.sub(lambda found: found[0] + extra, html, count=1)


def at_home(body: str, host: str, address: str) -> str:
    """Return a mail with the portal's links leading to where the portal listens now.

    The demo may have been started on another port when the mail was sent.
    """
    return re.sub(
        rf"https?://{re.escape(host)}(?::\d+)?(?=[/\"'\s<]|$)", lambda _found: address, body
    )


def with_links(text: str) -> SafeString:
    """Return a mail's plain text, escaped, with its addresses as links."""
    return SafeString(urlize(text, autoescape=True))
