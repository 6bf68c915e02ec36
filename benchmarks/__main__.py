"""Run benchmarks by name, or all of them; one JSON line per figure, exit code 1 when a bar fails."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator

import django
import structlog

from benchmarks.figures import Figure, Sheet

NAMES = (
    "start",
    "list",
    "home",
    "rendering",
    "registering",
    "crowded",
    "racing",
    "sweeping",
    "accepting",
    "distributing",
    "importing",
    "matching",
    "fleet",
    "drill",
)
SIZE = 100_000

Benchmark = Callable[[int, Callable[[str], None]], Iterator[Figure]]


def main(words: list[str]) -> int:
    """Run what the words ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--size", type=int, default=SIZE, help="registrations in the tenant")
    options = parser.parse_args(words)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}. Known: {', '.join(NAMES)}.")  # fmt: skip
    _set_up()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers and copies are put away first
    sheet = Sheet()
    for name, benchmark in _benchmarks().items():
        if not options.names or name in options.names:
            for figure in benchmark(options.size, lambda text, about=name: _say(about, text)):  # type: ignore[misc]
                sheet.add(figure)
            sheet.keep()
    for figure in sheet.failed:
        print(f"{figure.name} misses its bar.", file=sys.stderr)
    return 1 if sheet.failed else 0


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings.dev")
    os.environ["PRM_DEMO"] = "0"  # what is measured is the product, without the demo's doors
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs settings

    call_command(
        "collectstatic", interactive=False, verbosity=0
    )  # pages name files by their digest
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _benchmarks() -> dict[str, Benchmark]:
    from benchmarks import (  # noqa: PLC0415 - need loaded apps
        accepting,
        distributing,
        drilling,
        fleet,
        home,
        importing,
        lists,
        racing,
        registering,
        rendering,
        starting,
        sweeping,
    )
    from benchmarks.matching import small  # noqa: PLC0415 - needs loaded apps

    runs: tuple[Benchmark, ...] = (
        starting.run,
        lists.run,
        home.run,
        rendering.run,
        registering.run,
        registering.crowded,
        racing.run,
        sweeping.run,
        accepting.run,
        distributing.run,
        importing.run,
        small.run,
        fleet.run,
        drilling.run,
    )
    return dict(zip(NAMES, runs, strict=True))


def _say(name: str, text: str) -> None:
    print(f"# {name}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
