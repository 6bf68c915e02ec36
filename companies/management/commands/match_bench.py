"""Measure company-name matching: `manage.py match_bench --names … --queries … --json OUT`."""

import json
import logging
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

ASKED = (
    "names",
    "queries",
    "fit_queries",
    "pairs",
    "aliases",
    "baselines",
    "tenant",
    "json",
    "keep",
    "raw",
)


class Command(BaseCommand):
    """Load names into a scratch tenant, ask the product, and report how well and how fast it was."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options are a contract: other tools call the command with them."""
        parser.add_argument("--names", nargs="+", type=Path, required=True, metavar="FILE",
                            help="names, one a line, plain or .gz")  # fmt: skip
        parser.add_argument("--queries", type=Path, required=True, metavar="FILE")
        parser.add_argument("--fit-queries", type=Path, metavar="FILE",
                            help="set thresholds on these; default: the queries themselves")  # fmt: skip
        parser.add_argument("--pairs", type=Path, metavar="FILE", help="labelled pairs")
        parser.add_argument("--aliases", type=Path, metavar="FILE", help="remembered aliases")
        parser.add_argument("--baselines", action="store_true",
                            help="measure pg_trgm and rapidfuzz in the same run")  # fmt: skip
        parser.add_argument("--tenant", default="match_bench", metavar="SCHEMA")
        parser.add_argument("--json", type=Path, required=True, metavar="OUT")
        parser.add_argument("--keep", action="store_true",
                            help="keep the scratch database; the next run over the same names takes it")  # fmt: skip
        parser.add_argument("--raw", type=Path, metavar="OUT", help="every outcome, a line each")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the private PostgreSQL if none answers, then measure."""
        try:
            connection.ensure_connection()
        except OperationalError:
            self._on_private_servers(options)
            return
        from benchmarks.matching import report  # noqa: PLC0415 - a tool beside the rooms

        logging.disable(logging.WARNING)
        asked = {name: options[name] for name in ASKED if name != "json"}
        try:
            found = report.run(report.Wanted(say=self._say, **asked))
        finally:
            logging.disable(logging.NOTSET)
        text = json.dumps(found, ensure_ascii=False, indent=2)
        options["json"].write_text(text + "\n", encoding="utf-8")
        self.stdout.write(json.dumps(found["resolvable"], indent=2))

    def _say(self, text: str) -> None:
        self.stderr.write(f"# {text}")

    def _on_private_servers(self, options: dict[str, Any]) -> None:
        """Run this very command again on servers of its own; the launch kit starts and stops them."""
        words = [sys.executable, "-m", "launch", "apart", "match_bench", *_words(options)]
        run = subprocess.run(words, cwd=settings.BASE_DIR, check=False)  # noqa: S603 - our own program
        code = run.returncode
        if code:
            raise CommandError("The run on private servers failed.", returncode=code)


def _words(options: dict[str, Any]) -> list[str]:
    """The options as words again, with paths that hold in any folder."""
    words: list[str] = []
    for name in ASKED:
        value = options[name]
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value:
            values = value if isinstance(value, list) else [value]
            words += [option, *(str(v.resolve() if isinstance(v, Path) else v) for v in values)]
    return words
