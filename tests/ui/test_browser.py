"""The gallery and the sign-in pages in real Chromium: axe, width, keys, menus, with and without script."""

import pytest

from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll

pytestmark = pytest.mark.browser
HOST = "http://acme.localhost"


def clean_everywhere(page):
    """Hold axe and the width against a page in light and dark, wide and narrow."""
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        page.locator(f'html[data-bs-theme="{colours}"]').wait_for(state="attached")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert_axe_clean(page)
            assert_no_sideways_scroll(page)


@pytest.mark.parametrize("query", ["", "?dir=rtl"], ids=["ltr", "rtl"])
def test_the_gallery_is_clean(window, pat, query):
    page = window(pat)
    page.goto(f"{HOST}/styleguide/{query}")
    clean_everywhere(page)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/help/", "/nowhere/"]
)
def test_pages_for_anyone_are_clean(window, path):
    page = window()
    page.goto(HOST + path)
    clean_everywhere(page)


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/password/change/", "/help/"])
def test_pages_of_ones_own_account_are_clean(window, mia, path):
    page = window(mia)
    page.goto(HOST + path)
    clean_everywhere(page)


def test_open_menu_drawer_and_dialog_are_clean(window, pat):
    page = window(pat, width=320)
    page.goto(f"{HOST}/styleguide/?only=dialog")
    for opener in (".nav-toggle", "button[popovertarget=menu-user]", "[data-dialog=withdraw]"):
        page.click(opener)
        assert_axe_clean(page)
        page.keyboard.press("Escape")


def test_the_drawer_works_without_script(window, pat):
    page = window(pat, width=320, script=False)
    page.goto(f"{HOST}/styleguide/?only=button")
    assert not page.is_visible("#nav-main")
    page.click(".nav-toggle")
    assert page.is_visible("#nav-main")


def test_the_list_works_without_script(window, pat):
    page = window(pat, script=False)
    page.goto(f"{HOST}/styleguide/?only=list")
    page.fill("#list-q", "umbrella")
    page.click(".filters button.btn")
    assert page.inner_text(".list-info [role=status]") == "5 results"


def test_the_list_filters_while_one_types_and_keeps_the_focus(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/styleguide/")
    page.evaluate("window.same = true")
    page.type("#list-q", "umbrella")
    page.locator(".list-info [role=status]", has_text="5 results").wait_for()
    assert page.evaluate("document.activeElement.id") == "list-q"
    assert page.evaluate("window.same")
    assert page.url.endswith("?q=umbrella")


def test_bulk_selection_counts(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/styleguide/?only=list")
    page.check("[data-all]")
    assert page.inner_text("[data-chosen]") == "25 selected"
    page.uncheck(".pick >> nth=1")
    assert page.inner_text("[data-chosen]") == "24 selected"
    assert page.evaluate("document.querySelector('[data-all]').indeterminate")


def test_keys_move_and_can_be_switched_off(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/styleguide/?only=list")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "list-q"
    pat.shortcuts = False
    pat.save(update_fields=["shortcuts"])
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_refused_form_has_the_focus_on_its_summary(window):
    page = window()
    page.goto(f"{HOST}/accounts/login/")
    page.click(".card-plain button.btn-primary")
    page.locator(".summary:focus").wait_for()
    assert_axe_clean(page)
    page.click(".summary a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "login"


def test_focus_is_visible_on_every_control(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/styleguide/?only=button")
    for _ in range(12):
        page.keyboard.press("Tab")
        width, style = page.evaluate(
            "(s => [parseFloat(s.outlineWidth), s.outlineStyle])(getComputedStyle(document.activeElement))"
        )
        assert width >= 2
        assert style != "none"


def test_theme_switches_at_once(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/help/")
    page.click("button[popovertarget=menu-user]")
    page.click("#menu-user button[value=dark]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert_axe_clean(page)


def test_a_print_has_no_frame(window, pat):
    page = window(pat)
    page.goto(f"{HOST}/help/")
    page.emulate_media(media="print")
    assert not page.is_visible(".frame-bar")
    assert page.is_visible("main h1")


def test_times_move_on(window, pat):
    page = window(pat)
    page.clock.install()
    page.goto(f"{HOST}/styleguide/?only=time")
    before = page.inner_text("time[data-tick=relative] >> nth=0")
    page.clock.run_for(2 * 3600 * 1000)
    assert page.inner_text("time[data-tick=relative] >> nth=0") != before


def test_no_console_message_under_the_strict_policy(window, pat):
    page = window(pat)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(f"{HOST}/styleguide/")
    page.click("thead a >> nth=0")
    page.wait_for_url("**/styleguide/?sort=reference")
    assert heard == []
