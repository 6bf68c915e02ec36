"""The portal's logo: a small re-encoded image in private storage, shown to everybody."""

import io
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from prm import uploads

FOLDER = "logo"
MAX_BYTES = 1024 * 1024
BOX = (480, 128)  # pixels; shown 32 high and at most 120 wide, so sharp on any screen


def keep(upload: "UploadedFile[Any]") -> str:
    """Check an image, make it small, keep it, and return its name; raises `uploads.UploadRefused`."""
    checked = uploads.check(upload, uploads.IMAGES, max_bytes=MAX_BYTES)
    return uploads.keep(_small(checked), FOLDER).name


def stored(name: str) -> uploads.StoredFile:
    """Return a kept logo as `uploads.serve` wants it."""
    ending = PurePosixPath(name).suffix.lstrip(".")
    kind = next(kind for kind in uploads.IMAGES if kind.ending == ending)
    return uploads.StoredFile(name, f"logo.{ending}", kind.content_type, 0, "")


def _small(checked: uploads.CheckedFile) -> uploads.CheckedFile:
    picture = Image.open(io.BytesIO(checked.content))
    if picture.width <= BOX[0] and picture.height <= BOX[1]:
        return checked
    picture.thumbnail(BOX)
    written = io.BytesIO()
    picture.save(written, checked.kind.name, optimize=True)
    return uploads.CheckedFile(checked.kind, written.getvalue(), checked.original_name)
