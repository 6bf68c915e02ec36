"""`make test`: the whole suite on real servers, with a real browser."""

import os
import shutil
from collections.abc import Mapping, Sequence

from launch import environment, pango, portal
from launch.problems import Problem
from launch.programs import run_shown
from launch.session import Running, Session

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOTHING_COLLECTED = 5  # pytest's exit code
_ELSEWHERE = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser(environ: Mapping[str, str]) -> str:
    """Return Chromium's program; raise Problem when there is none: the browser tests are never skipped."""
    named = environ.get("CHROMIUM", "").strip()
    if named:
        if found := shutil.which(named):
            return found
        raise Problem(
            f"CHROMIUM names {named}, and no such program can be run.", "Correct it, or unset it."
        )
    for name in (*BROWSERS, *_ELSEWHERE):
        if found := shutil.which(name, path=environ.get("PATH")):
            return found
    raise Problem(
        "The browser tests need Chromium, and this machine has none.",
        "Install it (Debian: `apt-get install chromium`), or name it in CHROMIUM.",
    )


def passes(words: Sequence[str], processors: int | None = None) -> list[list[str]]:
    """Return pytest's arguments for each call: everything but the browser, then the browser.

    The whole suite is spread over two processes. Somebody who chooses tests gets one process, and
    somebody who chooses marks with -m knows better and gets one call.
    """
    if any(word == "-m" or word.startswith("-m=") for word in words):
        return [list(words)]
    spread = ["-n", "2", "--dist", "loadfile"] if not words and (processors or 0) > 1 else []
    return [["-m", "not browser", *spread, *words], ["-m", "browser", *spread, *words]]


def verdict(codes: Sequence[int]) -> int:
    """Return one exit code for all calls; a call that found no tests counts only when no call found any."""
    failed = [code for code in codes if code not in {0, NOTHING_COLLECTED}]
    if failed:
        return failed[0]
    return 0 if 0 in codes else NOTHING_COLLECTED


def test(session: Session, words: Sequence[str]) -> int:
    """Set up, run the suite, repeat pytest's closing lines; return its exit code."""
    browser = find_browser(session.environ)
    with session.holding("test") as area:
        interpreter = session.packages("dev.lock")
        pango.require(session.checkout.python, environment.clean(session.environ))
        with session.servers(area, interpreter, durable=False) as running:
            codes, closing = _run(session, running, browser, words)
    print("\n" + "\n".join(closing))
    return verdict(codes)


def _run(
    session: Session, running: Running, browser: str, words: Sequence[str]
) -> tuple[list[int], list[str]]:
    area = running.area
    env = test_environment(session, running, browser)
    steps = portal.SetUp(session.checkout, area, env, session.console, session.switch)
    steps.translations()
    codes, closing = [], []
    for arguments in passes(words, os.cpu_count()):
        command = [str(session.checkout.python), "-m", "pytest", *arguments]
        code, line = run_shown(command, env=env, switch=session.switch, cwd=session.checkout.root)
        codes.append(code)
        closing.append(f"{arguments[1] if len(arguments) > 1 else 'all'}: {line}")
    return codes, closing


def test_environment(session: Session, running: Running, browser: str) -> dict[str, str]:
    """Return what pytest runs in: our servers, the browser, and a home that can be written."""
    env = environment.for_django(session.checkout, running.area, session.environ, running.endpoints)
    env["CHROMIUM"] = browser
    home = env.get("HOME", "")
    if not home or not os.access(home, os.W_OK | os.X_OK):
        own = running.area.folder / "home"
        own.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(own)
    return env
