"""Theme and language of whoever looks: a person's own setting, else a cookie, else the default."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from prm import portal
from prm.access import acted_by

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
A_YEAR = 365 * 24 * 60 * 60

Saver = Callable[[Any, dict[str, str]], None]
_savers: list[Saver] = []


def on_change(saver: Saver) -> None:
    """Let the room that owns people store what a signed-in person switches: `theme`, `language`."""
    if saver not in _savers:
        _savers.append(saver)


def theme_of(request: HttpRequest) -> str:
    """Return `auto`, `light` or `dark`."""
    user = getattr(request, "user", None)
    own = str(getattr(acted_by(user) or user, "theme", "") or "").lower()
    chosen = own or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def languages() -> list[tuple[str, str]]:
    """Return the languages this portal speaks, each under its own name."""
    spoken = portal.current().languages or [settings.LANGUAGE_CODE]
    return [
        (code, _OWN_NAMES.get(code, str(name)))
        for code, name in settings.LANGUAGES
        if code in spoken
    ]


_OWN_NAMES = {"en": "English", "de": "Deutsch"}


def switch(request: HttpRequest, response: HttpResponse, wanted: dict[str, str]) -> None:
    """Set cookies for the valid part of `wanted`, and a signed-in person's own settings."""
    changes = {}
    if wanted.get("theme") in THEMES:
        changes["theme"] = wanted["theme"]
        _set(response, THEME_COOKIE, wanted["theme"])
    if wanted.get("language") in dict(languages()):
        changes["language"] = wanted["language"]
        _set(response, settings.LANGUAGE_COOKIE_NAME, wanted["language"])
    if changes and request.user.is_authenticated:
        for saver in _savers:
            saver(request.user, changes)


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
