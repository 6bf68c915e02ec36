"""Evidence: files that show that a deal is real. Judged by their bytes, kept in private."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from prm import uploads
from prm.access import require
from prm.uploads import FileKind
from registrations import policies
from registrations.enums import Reader, State
from registrations.models import EvidenceFile, Extension, Registration
from registrations.services import working_notices
from registrations.services.core import Refused, locked, record
from users.models import User

KINDS = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.PDF, FileKind.CSV})
FOLDER = "evidence"
MOST_FILES = 20
"""Per deal; each at most `prm.uploads.MAX_BYTES`."""


class TooManyFiles(Refused):
    """The deal has as many files as it may have."""

    sentence = _("A deal has at most 20 files. Put what is left into one PDF.")


@transaction.atomic
def add_file(
    registration: Registration,
    upload: "UploadedFile[Any]",
    *,
    actor: User,
    reader: Reader = Reader.BOTH,
) -> EvidenceFile:
    """Keep a file with a deal; the other side's people are told once it is registered.

    A file for the staff alone is kept by the staff, and nobody is told. Raises PermissionDenied,
    `prm.uploads.UploadRefused`, TooManyFiles, Busy.
    """
    row = locked(registration)
    require(policies.can_attach(actor, row))
    require(reader == Reader.BOTH or policies.can_referee(actor))
    file = keep_file(row, upload, actor=actor, reader=reader)
    if reader == Reader.BOTH and row.state != State.DRAFT:
        working_notices.file_added(row, file, by=actor)
    return file


def keep_file(
    row: Registration,
    upload: "UploadedFile[Any]",
    *,
    actor: User,
    reader: Reader = Reader.BOTH,
    extension: Extension | None = None,
) -> EvidenceFile:
    """Keep a file with a locked row, in the move that it belongs to. Raises UploadRefused, TooManyFiles."""
    if row.files.count() >= MOST_FILES:
        raise TooManyFiles
    stored = uploads.accept(upload, FOLDER, KINDS)
    file = EvidenceFile.objects.create(
        registration=row,
        extension=extension,
        reader=reader,
        name=stored.name,
        original_name=stored.original_name,
        content_type=stored.content_type,
        size=stored.size,
        digest=stored.sha256,
        by=actor,
    )
    record(
        "file-added" if reader == Reader.BOTH else "staff-file-added",
        row,
        actor=actor,
        data={"file": str(file.uid), "sha256": file.digest},
        private={"file_name": file.original_name},
    )
    return file


@transaction.atomic
def remove_file(file: EvidenceFile, *, actor: User) -> None:
    """Delete a file of a draft; what was sent stays as it was sent. Raises PermissionDenied."""
    row = locked(file.registration)
    require(policies.can_edit(actor, row))
    record(
        "file-removed",
        row,
        actor=actor,
        data={"file": str(file.uid)},
        private={"file_name": file.original_name},
    )
    file.delete()
    _erase([file.name])


def forget_files(registration: Registration, *, actor: User | None) -> None:
    """Before a draft is deleted: its files go with it. Registered when the app starts."""
    _erase(list(registration.files.values_list("name", flat=True)))


def _erase(names: list[str]) -> None:
    """Delete stored bytes once it is certain that no row names them."""
    for name in names:
        transaction.on_commit(lambda name=name: uploads.remove(name))  # type: ignore[misc]
