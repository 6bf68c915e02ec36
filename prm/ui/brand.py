"""A tenant's brand colour becomes tokens that can be read: pure arithmetic on colours.

`tokens(colour)` takes any `#rrggbb` and returns the values for light and dark. Lightness is moved,
hue is kept, until every text reaches 4.5:1 on what it stands on. `stylesheet(colour)` writes them
as the same-origin sheet that overrides `static/css/tokens.css`; `digest(colour)` names it.
"""

import hashlib
import math
import re
from dataclasses import dataclass

DEFAULT = "#1b57b8"
TEXT_CONTRAST = 4.5
DARK_LINK_CONTRAST = 6.0  # the floor is 4.5; long reading on dark wants more
FILL_CONTRAST = 1.6  # a filled button against the page; its text has the contrast that counts
VERSION = "1"  # part of the sheet's name: raise it when the arithmetic changes

# What text in the brand's colour may stand on; the strictest of each theme's surfaces decides.
LIGHT_GROUNDS = ("#ffffff", "#f6f7f9", "#f0f2f6", "#f9fafb")
DARK_GROUNDS = ("#10151f", "#181f2c", "#1c2433", "#222b3b")
WHITE, INK = "#ffffff", "#10151f"

_HEX = re.compile(r"#[0-9a-f]{6}")


class ColourInvalid(ValueError):
    """The text is not a colour of the form #rrggbb."""


@dataclass(frozen=True, slots=True)
class Tones:
    """The brand's tokens in one theme."""

    primary: str
    primary_hover: str
    primary_active: str
    on_primary: str
    link: str
    link_hover: str
    accent_bg: str
    accent_text: str


def parse(text: str) -> str:
    """Return the colour as lower-case #rrggbb; raise ColourInvalid on anything else."""
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ColourInvalid(text)
    return colour


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(colour: str) -> tuple[Tones, Tones]:
    """Return the tokens of a brand colour for light and for dark."""
    colour = parse(colour)
    return _light(colour), _dark(colour)


def stylesheet(colour: str) -> str:
    """Return the sheet that puts a brand's tokens in place of the default ones."""
    light, dark = tokens(colour)
    return (
        f':root,[data-bs-theme="light"]{{{_declarations(light)}}}\n'
        f'[data-bs-theme="dark"]{{{_declarations(dark)}}}\n'
    )


def digest(colour: str) -> str:
    """Return the name of a colour's sheet; it changes whenever the sheet would."""
    return hashlib.sha256(f"{VERSION}:{parse(colour)}".encode()).hexdigest()[:16]


def _light(colour: str) -> Tones:
    fill, ink = _fill(colour, surface="#ffffff")
    accent_bg = _mix(colour, "#ffffff", 0.09)
    return Tones(
        primary=fill,
        primary_hover=_pressed(fill, ink, 0.05),
        primary_active=_pressed(fill, ink, 0.09),
        on_primary=ink,
        link=(link := _readable(colour, LIGHT_GROUNDS, step=-0.01)),
        link_hover=_shift(link, -0.09),
        accent_bg=accent_bg,
        accent_text=_readable(_shift(link, -0.06), (accent_bg, "#ffffff"), step=-0.01),
    )


def _dark(colour: str) -> Tones:
    fill, ink = _fill(colour, surface="#181f2c")
    accent_bg = _mix(colour, "#181f2c", 0.15)
    return Tones(
        primary=fill,
        primary_hover=_pressed(fill, ink, 0.04),
        primary_active=_pressed(fill, ink, 0.08),
        on_primary=ink,
        link=(link := _readable(colour, DARK_GROUNDS, step=0.01, least=DARK_LINK_CONTRAST)),
        link_hover=_shift(link, 0.06),
        accent_bg=accent_bg,
        accent_text=_readable(_shift(link, 0.04), (accent_bg, *DARK_GROUNDS), step=0.01),
    )


def _fill(colour: str, surface: str) -> tuple[str, str]:
    """Return a fill near the colour that stands out from the surface, and its text colour.

    Light brands keep their lightness and carry dark text; the others carry white text.
    """
    lightness, chroma, hue = _to_oklch(colour)
    ink = INK if lightness > 0.72 else WHITE
    grounds = (ink,)
    fill = _readable(colour, grounds, step=0.01 if ink == INK else -0.01)
    step = -0.01 if _luminance(surface) > 0.5 else 0.01
    lightness, chroma, hue = _to_oklch(fill)
    while contrast(fill, surface) < FILL_CONTRAST:  # nearly white on white, black on black
        lightness += step
        fill = _from_oklch(lightness, chroma, hue)
    return fill, ink


def _pressed(fill: str, ink: str, by: float) -> str:
    """Return the fill under a pointer: further from its text, or nearer where there is no further."""
    further = _shift(fill, -by if ink == WHITE else by)
    if further != fill:
        return further
    nearer = _shift(fill, by if ink == WHITE else -by)
    return nearer if contrast(nearer, ink) >= TEXT_CONTRAST else fill


def _readable(
    colour: str, grounds: tuple[str, ...], step: float, least: float = TEXT_CONTRAST
) -> str:
    """Move lightness until the colour has enough contrast on every ground.

    At the end of the scale stand black and white, which always have it.
    """
    lightness, chroma, hue = _to_oklch(colour)
    while min(contrast(colour, ground) for ground in grounds) < least:
        lightness += step
        if not 0 < lightness < 1:
            return "#000000" if step < 0 else "#ffffff"
        colour = _from_oklch(lightness, chroma, hue)
    return colour


def _shift(colour: str, by: float) -> str:
    lightness, chroma, hue = _to_oklch(colour)
    return _from_oklch(min(1.0, max(0.0, lightness + by)), chroma, hue)


def _mix(colour: str, ground: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return _hex(*(a * share + b * (1 - share) for a, b in pairs))


def _declarations(tones: Tones) -> str:
    return (
        f"--primary:{tones.primary};--primary-hover:{tones.primary_hover};"
        f"--primary-active:{tones.primary_active};--on-primary:{tones.on_primary};"
        f"--link:{tones.link};--link-hover:{tones.link_hover};--focus:{tones.link};"
        f"--accent-bg:{tones.accent_bg};--accent-text:{tones.accent_text};--chart-1:{tones.link};"
    )


def _channels(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def _hex(*channels: float) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, c)) * 255):02x}" for c in channels)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(c) for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0..1), chroma and hue in OKLab, where equal steps look equal."""
    red, green, blue = (_linear(c) for c in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour, with chroma lowered as far as the screen's range needs."""
    for share in range(20, -1, -1):
        channels = _to_rgb(lightness, chroma * share / 20, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):
            return _hex(*channels)
    return WHITE if lightness > 0.5 else "#000000"


def _to_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
