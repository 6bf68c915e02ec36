"""CSV files that come in: streamed, strict UTF-8, however large. `prm.uploads` guards smaller files.

    stored = tables.accept(upload, "company-lists")
    with tables.opened(stored.name) as stream:
        for record in tables.records(stream, delimiter=";"):
            record.cells, record.offset, record.line

Nothing here holds more than one record in memory. A reader that stopped goes on at a record's
`offset`.
"""

import codecs
import csv
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prm.uploads import FileKind, PrivateStorage, StoredFile, UploadRefused, clean_name

MAX_BYTES = 256 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_RECORD = 200
"""A record of more lines has a quotation mark that is opened and never closed."""
DELIMITERS = (",", ";", "\t", "|")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BINARY = re.compile(r"\x00")
_MARKUP = re.compile(r"\s*<(?:!|\?|[a-z])", re.IGNORECASE)


class Unreadable(ValueError):
    """The table cannot be read beyond some line; the text says why, ready to show."""

    def __init__(self, line: int, text: str | Promise) -> None:
        super().__init__(text)
        self.line, self.text = line, text


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its cells, the line it ends on, and the byte after it."""

    cells: list[str]
    line: int
    offset: int


def accept(
    upload: "UploadedFile[Any]", folder: str, *, max_bytes: int = MAX_BYTES, lenient: bool = False
) -> StoredFile:
    """Judge a table by its bytes and keep it in a folder of the active tenant.

    A lenient reader refuses odd control characters row by row, so only a zero byte shows no text here.
    Raises UploadRefused with a sentence: too large, empty, not UTF-8, or no text at all.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", folder):
        raise ValueError("A folder is one lower-case word.")
    digest = _judge(upload, max_bytes, _BINARY if lenient else _CONTROL)
    token = secrets.token_hex(16)
    name = PrivateStorage().save(f"{folder}/{token[:2]}/{token}.csv", upload)
    shown = clean_name(upload.name or "", FileKind.CSV)
    return StoredFile(name, shown, FileKind.CSV.content_type, upload.size or 0, digest)


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a stored table for reading bytes."""
    with PrivateStorage().open(name, "rb") as stream:
        yield stream


def delimiter_of(stream: IO[bytes]) -> str:
    """The sign that parts the cells of the first line."""
    stream.seek(0)
    first = stream.readline(MAX_LINE).decode("utf-8-sig", "replace")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


def records(
    stream: IO[bytes], *, delimiter: str, offset: int = 0, line: int = 0
) -> Iterator[Record]:
    """Yield the rows from a byte on; empty rows are passed over. Raises Unreadable."""
    source = _Lines(stream, offset, line)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        source.begin()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            text = _("Line %(line)s cannot be read: a quotation mark is missing or too much.")
            raise Unreadable(source.line, text % {"line": source.line}) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Record(cells, source.line, source.offset)


class _Lines:
    """The lines of a file as text, counting bytes; a record that goes on for ever is refused."""

    def __init__(self, stream: IO[bytes], offset: int, line: int) -> None:
        stream.seek(offset)
        self.stream, self.offset, self.line, self.taken = stream, offset, line, 0

    def begin(self) -> None:
        """A new record begins."""
        self.taken = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self.stream.readline(MAX_LINE)
        if not raw:
            raise StopIteration
        self.taken += 1
        first = self.offset == 0
        self.offset += len(raw)
        self.line += 1
        if self.taken > MAX_RECORD or len(raw) >= MAX_LINE:
            raise csv.Error("a record without an end")
        return raw.decode("utf-8-sig" if first else "utf-8")


def _judge(upload: "UploadedFile[Any]", max_bytes: int, odd: re.Pattern[str]) -> str:
    """Read through an upload once; return its digest or raise UploadRefused."""
    size = upload.size or 0
    if size > max_bytes:
        megabytes = max_bytes // (1024 * 1024)
        raise UploadRefused(_("This file is larger than %(limit)s MB.") % {"limit": megabytes})
    if not size:
        raise UploadRefused(_("This file is empty."))
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8-sig")()
    begun = False
    for chunk in upload.chunks():
        digest.update(chunk)
        if not begun and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UploadRefused(_not_utf8("UTF-16"))
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise UploadRefused(_not_utf8("Windows-1252")) from error
        if odd.search(text) or (not begun and _MARKUP.match(text)):
            raise UploadRefused(_("This file is no table. Save your list as “CSV UTF-8”."))
        begun = True
    return digest.hexdigest()


def _not_utf8(guess: str) -> str:
    text = _(
        "This file is not UTF-8 but probably %(encoding)s, so letters could be lost. "
        "Save it again as “CSV UTF-8”."
    )
    return str(text % {"encoding": guess})


def remove(name: str) -> None:
    """Delete a stored table; nothing happens if it is gone."""
    PrivateStorage().delete(name)
