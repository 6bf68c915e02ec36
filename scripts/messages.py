#!/usr/bin/env python3
"""The message catalogues, without gettext's own programs (a bare machine has none).

    python scripts/messages.py update   bring locale/*/LC_MESSAGES/django.po up to date with the code
    python scripts/messages.py check    fail on words that a language lacks, and on broken placeholders

Runs in .venv: Babel reads the code, Django turns templates into code that Babel can read.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = "django"
LANGUAGES = ("de",)  # English is what the code says
SKIPPED = {
    ".venv",
    ".local",
    "tests",
    "benchmarks",
    "launch",
    "scripts",
    "docs",
    "static",
    "locale",
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NAMED = re.compile(r"%\((\w+)\)|\{(\w+)\}")


def catalogue(language: str) -> Path:
    """Return where a language's messages are kept."""
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def sources() -> Iterator[Path]:
    """Yield the files that can hold words for people, in a fixed order."""
    for pattern in ("**/*.py", "templates/**/*.html", "templates/**/*.txt", "*/templates/**/*.*"):
        for file in sorted(ROOT.glob(pattern)):
            inside = file.relative_to(ROOT).parts
            if not SKIPPED & set(inside) and "migrations" not in inside and file.is_file():
                yield file


def as_code(file: Path) -> bytes:
    """Return a source file as Python; a template's tags become calls, line for line."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize  # noqa: PLC0415 - after the settings

    flat = (line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    return "\n".join(flat).encode()


def found() -> Catalog:
    """Return every message of code and templates, with the files that use it."""
    every = Catalog(project="prm", fuzzy=False)
    for file in sources():
        place = (file.relative_to(ROOT).as_posix(), 0)
        for _, words, comments, context in extract(
            "python", BytesIO(as_code(file)), KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):  # fmt: skip
            every.add(words, locations=[place], auto_comments=comments, context=context)
    return every


def update() -> int:
    """Merge new messages into every catalogue; translations stay, guesses are not made."""
    template = found()
    for language in LANGUAGES:
        file = catalogue(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        merged = known(language)
        merged.update(template, no_fuzzy_matching=True)
        merged.obsolete.clear()
        merged.header_comment = (
            "# The portal's messages. `make messages` keeps them in step with the code."
        )
        out = BytesIO()
        write_po(
            out, merged, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True
        )
        file.write_bytes(without_dates(out.getvalue()))
        print(
            f"{file.relative_to(ROOT)}: {len(merged)} messages, {len(list(gaps(language, template)))} to do"
        )
    return 0


def known(language: str) -> Catalog:
    """Return a language's catalogue as it is on disk; an empty one if there is none yet."""
    file = catalogue(language)
    if not file.exists():
        return Catalog(locale=language, project="prm", domain=DOMAIN, fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def without_dates(text: bytes) -> bytes:
    """Drop header lines that change with every run."""
    return re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
        b"",
        text,
    )


def gaps(language: str, template: Catalog) -> Iterator[str]:
    """Yield one line per message that the language lacks or gets wrong."""
    ours = known(language)
    for message in template:
        if not message.id:
            continue
        mine = ours.get(message.id, context=message.context)
        name = message.id[0] if isinstance(message.id, tuple) else message.id
        if mine is None or mine.fuzzy or not filled(mine):
            yield f"{language}: not translated: {name!r} ({message.locations[0][0]})"
        elif fault := broken(mine):
            yield f"{language}: {fault}: {name!r}"


def texts(value: object) -> list[str]:
    """Return the forms of a message or of its translation; a missing one is empty."""
    forms = value if isinstance(value, tuple | list) else [value]
    return [str(form or "") for form in forms]


def filled(message: Message) -> bool:
    """Say whether every form of the message has words."""
    return all(texts(message.string))


def broken(message: Message) -> str | None:
    """Return what is wrong with a translation's placeholders, or None."""
    wanted = {name for text in texts(message.id) for name in placeholders(text)}
    forms = texts(message.string)
    for form in forms:
        if unknown := placeholders(form) - wanted:
            return f"unknown placeholder {sorted(unknown)[0]}"
    if missing := wanted - placeholders(forms[-1]):
        return f"placeholder {sorted(missing)[0]} is lost"
    return None


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return {match.group(1) or match.group(2) for match in NAMED.finditer(text)}


def check() -> int:
    """Print every gap; return 1 if there is one."""
    template = found()
    wrong = [line for language in LANGUAGES for line in gaps(language, template)]
    for line in wrong:
        print(line)
    print(f"{len(template)} messages, {len(wrong)} gaps")
    return bool(wrong)


def main() -> int:
    """Run one of the two commands."""
    from django.conf import settings  # noqa: PLC0415 - templatize asks for a setting or two

    settings.configure(USE_I18N=True)
    commands = {"update": update, "check": check}
    command = commands.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command()


if __name__ == "__main__":
    raise SystemExit(main())
