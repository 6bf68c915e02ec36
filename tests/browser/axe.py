"""axe-core in a page: `assert_axe_clean(page)` fails with every violation spelled out.

    page.goto(url)
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)

All WCAG A and AA rules up to 2.2 and axe's best practices; no rule is disabled. The script is put in
through the debugger, so the page's content policy stays as it is.
"""

from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SETTLE = """() => {
    for (let left = 99; left && document.getAnimations().length; left--)  // colours fade, level by level
        for (const animation of document.getAnimations())
            try { animation.finish(); } catch { animation.cancel(); }  // what never ends cannot finish
}"""


@cache
def _source() -> str:
    return AXE.read_text()


def violations(page: Any, within: str | None = None) -> list[dict[str, Any]]:
    """Return axe's violations of the page at rest, or of the part that a selector names."""
    page.evaluate(SETTLE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    return page.evaluate(
        "([within, tags]) => axe.run(within || document, {runOnly: tags, resultTypes: ['violations']})"
        ".then(result => result.violations)",
        [within, list(TAGS)],
    )


def assert_axe_clean(page: Any, within: str | None = None) -> None:
    """Fail with each broken rule, where it is broken and why."""
    found = violations(page, within)
    lines = [
        f"{each['id']}: {each['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(lines)


def assert_no_sideways_scroll(page: Any) -> None:
    """Fail if the page is wider than its window."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room, f"{page.url} is {width} px wide in a window of {room} px"
