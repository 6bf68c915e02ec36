"""Guarded uploads: what may come in, how it is kept, how it goes out again.

A file is judged by its bytes, never by its name or declared type. Images are decoded and written
anew, so nothing that hides in them survives. Files live in the tenant's private folder under random
names; views reach them through `serve` only.
"""

import csv
import hashlib
import io
import re
import secrets
import unicodedata
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from prm.tenancy import context

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 16_000_000
MAX_SIDE = 4_000
MAX_NAME = 100
SANDBOX = "default-src 'none'; sandbox"


class FileKind(Enum):
    """The kinds of files that may come in: content type and the ending they are kept under."""

    PNG = ("image/png", "png")
    JPEG = ("image/jpeg", "jpg")
    PDF = ("application/pdf", "pdf")
    CSV = ("text/csv", "csv")

    @property
    def content_type(self) -> str:
        """The content type it is served with."""
        return self.value[0]

    @property
    def ending(self) -> str:
        """The ending of its stored name."""
        return self.value[1]


IMAGES = frozenset({FileKind.PNG, FileKind.JPEG})
DOCUMENTS = IMAGES | {FileKind.PDF}
IMPORTS = frozenset({FileKind.CSV})


class UploadRefused(ValueError):
    """The file may not come in; the message can be shown on the form."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(text)
        self.text = text


class Stored(Protocol):
    """What `serve` must know of a stored file; a model row with these fields will do."""

    @property
    def name(self) -> str:
        """Where it is kept, below the tenant's folder."""

    @property
    def original_name(self) -> str:
        """What its owner called it."""

    @property
    def content_type(self) -> str:
        """What its bytes were found to be."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was let in and kept."""

    name: str
    original_name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was let in and is not kept yet."""

    kind: FileKind
    content: bytes
    original_name: str


@deconstructible
class PrivateStorage(FileSystemStorage):
    """The active tenant's private folder. It has no URLs: a view checks, then calls `serve`."""

    def __init__(self) -> None:
        super().__init__(
            base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    @property
    def base_location(self) -> str:
        """The tenant's folder; raises NoTenant in public."""
        return str(tenant_folder(context.schema()))

    @property
    def location(self) -> str:
        """The tenant's folder as an absolute path."""
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        """Refuse: private files have no address of their own."""
        raise ValueError("Private files are served by a view that checks who asks.")


def tenant_folder(schema: str) -> Path:
    """Return the folder that holds all files of one tenant; off-boarding removes it."""
    return Path(settings.PRM_MEDIA_ROOT) / schema


def check(
    upload: "UploadedFile[Any]",
    kinds: Iterable[FileKind] = DOCUMENTS,
    *,
    max_bytes: int = MAX_BYTES,
) -> CheckedFile:
    """Judge an upload by its bytes and return clean content; raises UploadRefused."""
    content = _read(upload, max_bytes)
    kind = _recognise(content)
    if kind is None or kind not in frozenset(kinds):
        raise UploadRefused(_refusal(kinds))
    clean = _CLEANERS[kind](content)
    return CheckedFile(kind, clean, clean_name(upload.name or "", kind))


def keep(checked: CheckedFile, folder: str) -> StoredFile:
    """Keep a checked file under a random name in a folder of the active tenant."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", folder):
        raise ValueError("A folder is one lower-case word.")
    token = secrets.token_hex(16)
    wanted = f"{folder}/{token[:2]}/{token}.{checked.kind.ending}"
    name = PrivateStorage().save(wanted, ContentFile(checked.content))
    digest = hashlib.sha256(checked.content).hexdigest()
    return StoredFile(
        name, checked.original_name, checked.kind.content_type, len(checked.content), digest
    )


def accept(
    upload: "UploadedFile[Any]",
    folder: str,
    kinds: Iterable[FileKind] = DOCUMENTS,
    *,
    max_bytes: int = MAX_BYTES,
) -> StoredFile:
    """Check an upload and keep it; raises UploadRefused."""
    return keep(check(upload, kinds, max_bytes=max_bytes), folder)


def remove(name: str) -> None:
    """Delete a stored file of the active tenant; nothing happens if it is gone."""
    PrivateStorage().delete(name)


def serve(file: Stored, *, inline: bool = False, max_age: int = 0) -> FileResponse:
    """Answer with a stored file of the active tenant; the caller has checked who asks.

    Sent as an attachment in a sandbox. `inline` shows images, which were written anew when they
    came in; anything else stays an attachment. Raises Http404 when the file is gone.
    """
    try:
        stream = PrivateStorage().open(file.name)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation) as gone:
        raise Http404 from gone
    shown = inline and file.content_type in {kind.content_type for kind in IMAGES}
    known = {kind.content_type for kind in FileKind}
    response = FileResponse(
        stream,
        content_type=file.content_type
        if file.content_type in known
        else "application/octet-stream",
    )
    response["Content-Disposition"] = (
        content_disposition_header(not shown, file.original_name) or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={max_age}" if max_age else "private, no-store"
    return response


def clean_name(name: str, kind: FileKind) -> str:
    """Return a harmless form of the owner's file name, with the ending that fits the bytes."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem = re.sub(r"\.[^.]{1,8}$", "", visible).strip(" .")
    return f"{stem[:MAX_NAME] or 'file'}.{kind.ending}"


def _read(upload: "UploadedFile[Any]", max_bytes: int) -> bytes:
    content = b"" if upload.size is None or upload.size > max_bytes else upload.read(max_bytes + 1)
    if (upload.size or 0) > max_bytes or len(content) > max_bytes:
        megabytes = max(1, max_bytes // (1024 * 1024))
        raise UploadRefused(_("This file is larger than %(limit)s MB.") % {"limit": megabytes})
    if not content:
        raise UploadRefused(_("This file is empty."))
    return content


def _recognise(content: bytes) -> FileKind | None:
    """Tell what the bytes are; anything that is not an allowed kind is None."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    return FileKind.CSV if _looks_like_table(content) else None


_MARKUP = re.compile(r"\s*<(?:!|\?|[a-z])", re.IGNORECASE)


def _looks_like_table(content: bytes) -> bool:
    """True for strict UTF-8 text without control characters that does not start as markup."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text) and not _MARKUP.match(text)


def _refusal(kinds: Iterable[FileKind]) -> str:
    names = ", ".join(sorted(kind.name for kind in kinds))
    return str(_("This file cannot be used here. Allowed: %(kinds)s.") % {"kinds": names})


def _clean_image(content: bytes) -> bytes:
    """Decode an image and write it anew: no metadata, no trailing bytes, upright, bounded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])
            if picture.width * picture.height > MAX_PIXELS:
                raise UploadRefused(_("This image has too many pixels."))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UploadRefused(_("This image has too many pixels.")) from bomb
    except UploadRefused:
        raise
    except Exception as broken:
        # Decoders meet hostile bytes here and fail in many ways; each of them means the same.
        raise UploadRefused(_("This image is damaged.")) from broken
    return _write_image(upright, picture.format == "PNG")


def _write_image(picture: Image.Image, is_png: bool) -> bytes:
    transparent = is_png and ("A" in picture.mode or "transparency" in picture.info)
    fresh = picture.convert("RGBA" if transparent else "RGB")
    fresh.thumbnail((MAX_SIDE, MAX_SIDE))
    fresh.info = {}
    written = io.BytesIO()
    if is_png:
        fresh.save(written, "PNG", optimize=True)
    else:
        fresh.save(written, "JPEG", quality=88)
    return written.getvalue()


def _clean_pdf(content: bytes) -> bytes:
    """Let a PDF pass whole; it is only ever served as an attachment."""
    if b"%%EOF" not in content[-2048:]:
        raise UploadRefused(_("This PDF is damaged."))
    return content


def _clean_csv(content: bytes) -> bytes:
    """Let a table pass as UTF-8 without a byte order mark; its cells are checked by the import."""
    text = content.decode("utf-8-sig")
    try:
        for _row in csv.reader(io.StringIO(text, newline="")):
            continue
    except csv.Error as broken:
        raise UploadRefused(_("This table cannot be read.")) from broken
    return text.encode()


_CLEANERS: dict[FileKind, Callable[[bytes], bytes]] = {
    FileKind.PNG: _clean_image,
    FileKind.JPEG: _clean_image,
    FileKind.PDF: _clean_pdf,
    FileKind.CSV: _clean_csv,
}
