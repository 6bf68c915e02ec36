"""The line that a receipt's PDF carries for machines, and how it is found again.

It stands among the document's keywords. A file that was saved anew by another program may keep it in
a compressed stream, so those are looked into as well, within bounds.
"""

import re
import zlib
from dataclasses import dataclass
from itertools import pairwise

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_STREAM = 4 * 1024 * 1024
MOST_STREAMS = 5_000
_MARK = re.compile(rb"prm-receipt ([A-Z]{1,4}-[0-9A-Z]{4}-[0-9A-Z]{4}) ([0-9a-f]{64})")
_STREAM = re.compile(rb"stream\r?\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference and a digest."""

    reference: str
    digest: str


def mark_of(reference: str, digest: str) -> str:
    """Return the line that goes into a PDF's keywords."""
    return f"prm-receipt {reference} {digest}"


def read_marks(pdf: bytes) -> list[Mark]:
    """Return the receipts that a PDF says it is, each once; none for any other file."""
    if not pdf.startswith(b"%PDF-") or len(pdf) > LARGEST_FILE:
        return []
    found: dict[Mark, None] = {}
    for part in (pdf, *_streams(pdf)):
        for reference, digest in _MARK.findall(part):
            found[Mark(reference.decode(), digest.decode())] = None
    return list(found)


def _streams(pdf: bytes) -> list[bytes]:
    """Return the streams of a PDF that can be inflated."""
    starts = [match.end() for match in _STREAM.finditer(pdf)][:MOST_STREAMS]
    inflated, room = [], LARGEST_FILE
    for start, following in pairwise([*starts, len(pdf)]):
        try:
            part = zlib.decompressobj().decompress(pdf[start:following], min(LARGEST_STREAM, room))
        except zlib.error:
            continue
        inflated.append(part)
        room -= len(part)
        if room <= 0:
            break
    return inflated
