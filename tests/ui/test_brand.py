"""Any brand colour gives tokens that can be read, in light and in dark."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.ui import brand

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
EXTREMES = ("#000000", "#ffffff", "#ffff00", "#0000ff", "#808080", "#0a1a3a", brand.DEFAULT)


def check(colour: str) -> None:
    grounds = (brand.LIGHT_GROUNDS, brand.DARK_GROUNDS)
    for tones, under in zip(brand.tokens(colour), grounds, strict=True):
        fills = (tones.primary, tones.primary_hover, tones.primary_active)
        pairs = [(fill, tones.on_primary) for fill in fills]
        pairs += [(text, ground) for text in (tones.link, tones.link_hover) for ground in under]
        pairs += [(tones.accent_text, tones.accent_bg)]
        assert min(brand.contrast(*pair) for pair in pairs) >= brand.TEXT_CONTRAST
        assert brand.contrast(tones.primary, under[0 if under[0] == "#ffffff" else 1]) >= 1.6


@settings(max_examples=200, deadline=None)
@given(colours)
def test_every_colour_becomes_readable(colour):
    check(colour)


@pytest.mark.parametrize("colour", EXTREMES)
def test_extreme_colours_become_readable(colour):
    check(colour)


@settings(max_examples=100, deadline=None)
@given(colours, colours)
def test_contrast_is_symmetric_and_bounded(one, other):
    assert brand.contrast(one, other) == brand.contrast(other, one)
    assert 1 <= brand.contrast(one, other) <= 21.01


@settings(max_examples=200, deadline=None)
@given(colours)
def test_oklch_and_back_is_the_same_colour(colour):
    back = brand._from_oklch(*brand._to_oklch(colour))
    pairs = zip(brand._channels(colour), brand._channels(back), strict=True)
    assert all(abs(a - b) <= 2 / 255 for a, b in pairs)


def test_a_colour_that_reads_well_is_kept():
    light, _dark = brand.tokens("#1b57b8")
    assert (light.primary, light.link, light.on_primary) == ("#1b57b8", "#1b57b8", "#ffffff")


def test_a_light_colour_carries_dark_text():
    light, _dark = brand.tokens("#ffd400")
    assert light.on_primary == brand.INK


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#1b57b8;}", "url(x)", "1b57b8"])
def test_anything_but_a_colour_is_refused(text):
    with pytest.raises(brand.ColourInvalid):
        brand.stylesheet(text)


def test_stylesheet_names_both_themes_and_nothing_else():
    sheet = brand.stylesheet("#0F7B4F")
    assert sheet.count("{") == 2
    assert "--primary:#0f7b4f" in sheet
    assert '[data-bs-theme="dark"]' in sheet


def test_digest_changes_with_the_colour_only():
    assert brand.digest("#0F7B4F") == brand.digest("#0f7b4f") != brand.digest("#0f7b50")
