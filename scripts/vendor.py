#!/usr/bin/env python3
"""Third-party browser files and the style sheets built from them.

    python scripts/vendor.py refresh   fetch the pinned packages with npm, store what we use, build
    python scripts/vendor.py build     join static/css/*.css and Bootstrap into app.css and app.rtl.css
    python scripts/vendor.py check     fail if a stored file, a hash or a built sheet has drifted

npm is needed for `refresh` only. Nothing here runs when the portal runs: the results are committed.
MANIFEST.json names every stored file with package, version, licence and SHA-256.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "MANIFEST.json"


@dataclass(frozen=True)
class Package:
    """One npm package and the files of it that we keep: path inside it -> path in the project."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "MIT",
        {
            "dist/css/bootstrap.min.css": "static/vendor/bootstrap/bootstrap.min.css",
            "dist/css/bootstrap.rtl.min.css": "static/vendor/bootstrap/bootstrap.rtl.min.css",
            "LICENSE": "static/vendor/bootstrap/LICENSE",
        },
    ),
    Package(
        "htmx.org",
        "4.0.1",
        "0BSD",
        {
            "dist/htmx.min.js": "static/vendor/htmx/htmx.min.js",
            "LICENSE": "static/vendor/htmx/LICENSE",
        },
    ),
    Package(
        "bootstrap-icons", "1.13.2", "MIT", {"LICENSE": "static/vendor/bootstrap-icons/LICENSE"}
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        {"axe.min.js": "tests/vendor/axe.min.js", "LICENSE": "tests/vendor/axe.LICENSE"},
    ),
)

SPRITE = "static/icons.svg"
# Our name -> bootstrap-icons' name. Ours say what is meant, so a picture can change in one place.
ICONS = {
    "add": "plus-lg",
    "arrow-down": "arrow-down",
    "arrow-up": "arrow-up",
    "back": "arrow-left",
    "bell": "bell",
    "building": "building",
    "calendar": "calendar3",
    "catalog": "tags",
    "check": "check-lg",
    "check-circle": "check-circle",
    "chevron-down": "chevron-down",
    "chevron-end": "chevron-right",
    "chevron-start": "chevron-left",
    "circle": "circle",
    "clipboard": "clipboard",
    "clock": "clock",
    "close": "x-lg",
    "conflict": "intersect",
    "deal": "briefcase",
    "dot": "dot",
    "download": "download",
    "edit": "pencil",
    "external": "box-arrow-up-right",
    "file": "file-earmark-text",
    "filter": "sliders",
    "flag": "flag",
    "globe": "globe2",
    "help": "question-circle",
    "home": "house",
    "inbox": "inbox",
    "info": "info-circle",
    "key": "key",
    "ledger": "journal-text",
    "link": "link-45deg",
    "lock": "lock",
    "mail": "envelope",
    "menu": "list",
    "minus-circle": "dash-circle",
    "moon": "moon-stars",
    "more": "three-dots",
    "partner": "people",
    "pause": "pause-circle",
    "person": "person",
    "queue": "list-ol",
    "rules": "signpost-split",
    "search": "search",
    "settings": "gear",
    "shield": "shield-check",
    "sign-out": "box-arrow-right",
    "similar": "circle-half",
    "sort": "chevron-expand",
    "sun": "sun",
    "system": "display",
    "trash": "trash3",
    "undo": "arrow-counterclockwise",
    "upload": "upload",
    "warning": "exclamation-triangle",
    "x-circle": "x-circle",
}

# The order is the cascade within each layer.
SHEETS = (
    "tokens",
    "base",
    "frame",
    "button",
    "menu",
    "badge",
    "alert",
    "form",
    "page",
    "list",
    "record",
    "desk",
    "chart",
    "dialog",
    "rules",
    "plain",
    "styleguide",
    "print",
)
LAYERS = "@layer vendor, tokens, base, components, print;"


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hex."""
    return hashlib.sha256(content).hexdigest()


def tidy(name: str, content: bytes) -> bytes:
    """Drop pointers to source maps, which we do not store (the static storage would look for them)."""
    if name.endswith((".css", ".js")):
        content = re.sub(
            rb"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+)\s*$", b"\n", content
        )
    return content


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """Download one package with npm and return its files."""
    answer = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    files: dict[str, bytes] = {}
    with tarfile.open(folder / answer.stdout.strip().splitlines()[-1]) as archive:
        for member in archive.getmembers():
            handle = archive.extractfile(member)
            if handle is not None:
                files[member.name.removeprefix("package/")] = handle.read()
    return files


def sprite(icons: dict[str, bytes]) -> bytes:
    """Join the chosen icons into one file of <symbol>s."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for ours, theirs in sorted(ICONS.items()):
        text = icons[f"icons/{theirs}.svg"].decode()
        inner = re.sub(r"\s*\n\s*", "", text.split(">", 1)[1].rsplit("</svg>", 1)[0])
        parts.append(f'<symbol id="{ours}" viewBox="0 0 16 16">{inner}</symbol>')
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def refresh() -> None:
    """Fetch everything, store it, write the manifest and build the sheets."""
    entries = []
    with tempfile.TemporaryDirectory() as name:
        for package in PACKAGES:
            files = fetch(package, Path(name))
            stored = {ours: tidy(theirs, files[theirs]) for theirs, ours in package.files.items()}
            if package.name == "bootstrap-icons":
                stored[SPRITE] = sprite(files)
            for path, content in stored.items():
                (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / path).write_bytes(content)
                entries.append(
                    {
                        "path": path,
                        "package": package.name,
                        "version": package.version,
                        "licence": package.licence,
                        "sha256": digest(content),
                    }
                )
    MANIFEST.write_text(json.dumps(entries, indent=2) + "\n")
    build()


# Parts of Bootstrap that need its script, which we do not use. (Its dialogs and menus are native here.)
UNUSED = re.compile(
    r"(\[data-bs-theme=dark\] )?\.(accordion|bs-popover|bs-tooltip|btn-close|btn-toolbar|carousel|dropdown|dropend"
    r"|dropstart|dropup|modal|navbar|offcanvas|placeholder|popover|spinner|toast|tooltip)(?![a-z])"
)


def rules(css: str) -> list[str]:
    """Split a style sheet into its top-level rules and statements."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"""/\*.*?\*/|"[^"]*"|'[^']*'|[{};]""", css, flags=re.S):
        mark = match.group()
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth == 0 and mark in "};":
            found.append(css[start : match.end()])
            start = match.end()
    return [*found, css[start:]]


def trim(css: str) -> str:
    """Drop the rules that style only unused parts."""
    kept = []
    for rule in rules(css):
        head, brace, body = rule.partition("{")
        if head.startswith(("@media", "@supports")):
            inner = trim(body[:-1])
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif not brace or not all(UNUSED.match(part.strip()) for part in head.split(",")):
            kept.append(rule)
    return "".join(kept)


def compact(css: str) -> str:
    """Drop comments and indentation; nothing that could change a rule's meaning."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return "".join(f"{line.strip()}\n" for line in css.splitlines() if line.strip())


def sheet(rtl: bool) -> str:
    """Return the whole style sheet for one writing direction."""
    name = "bootstrap.rtl.min.css" if rtl else "bootstrap.min.css"
    bootstrap = (VENDOR / "bootstrap" / name).read_text().removeprefix('@charset "UTF-8";').strip()
    bootstrap = trim(bootstrap)
    own = "".join(compact((STATIC / "css" / f"{part}.css").read_text()) for part in SHEETS)
    return f'@charset "UTF-8";\n{LAYERS}\n@layer vendor{{{bootstrap}}}\n{own}'


def outputs() -> dict[Path, str]:
    """Return every built file and what it should hold."""
    return {STATIC / "app.css": sheet(rtl=False), STATIC / "app.rtl.css": sheet(rtl=True)}


def build() -> None:
    """Write the built sheets."""
    for path, content in outputs().items():
        path.write_text(content)


def drift() -> list[str]:
    """Return one sentence per stored or built file that is not what it should be."""
    problems = []
    for entry in json.loads(MANIFEST.read_text()):
        path = ROOT / entry["path"]
        if not path.exists() or digest(path.read_bytes()) != entry["sha256"]:
            problems.append(f"{entry['path']} differs from MANIFEST.json")
    for path, content in outputs().items():
        if not path.exists() or path.read_text() != content:
            problems.append(f"{path.relative_to(ROOT)} is stale: run scripts/vendor.py build")
    return problems


def main() -> int:
    """Run one of the three commands."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "refresh":
        refresh()
    elif command == "build":
        build()
    elif command == "check":
        problems = drift()
        sys.stderr.writelines(f"{line}\n" for line in problems)
        return 1 if problems else 0
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
