"""What every page's frame needs. Read lazily: a page that shows no navigation pays for none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from prm import portal
from prm.tenancy.context import NoTenant
from prm.ui import brand, nav, preferences

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from prm.http import PrmRequest


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence across the top of every page, with one way on."""

    text: "_StrPromise | str"
    tone: str = "info"
    action: "_StrPromise | str" = ""
    url: str = ""


BannerSource = Callable[["PrmRequest"], Banner | None]
_banners: list[BannerSource] = []


def add_banner(source: BannerSource) -> None:
    """Let a room put a sentence above every page of a signed-in person."""
    if source not in _banners:
        _banners.append(source)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's names; on a host without a tenant only those that need none."""
    language = translation.get_language() or "en"
    names: dict[str, Any] = {
        "html_lang": language,
        "html_dir": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": preferences.theme_of(request),
        "signed_in": bool(getattr(getattr(request, "user", None), "is_authenticated", False)),
    }
    try:
        names["portal"] = portal.current()
    except NoTenant:
        return names
    ours = cast("PrmRequest", request)
    names["brand_url"] = brand_url(names["portal"].brand_colour)
    names["languages"] = SimpleLazyObject(preferences.languages)
    if names["signed_in"]:
        names["nav"] = SimpleLazyObject(lambda: nav.groups(ours))
        names["user_nav"] = SimpleLazyObject(lambda: nav.groups(ours, "user"))
        names["banners"] = SimpleLazyObject(lambda: [b for b in (s(ours) for s in _banners) if b])
    return names


def brand_url(colour: str) -> str:
    """Return the address of the brand's sheet; the default colour needs none."""
    if colour == brand.DEFAULT:
        return ""
    try:
        return reverse("ui:brand", args=[brand.digest(colour)])
    except (NoReverseMatch, brand.ColourInvalid):
        return ""
