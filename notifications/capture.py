"""The demo's mail back end: it can only capture, and the demo's mailbox reads what it caught.

One file per Message-ID under `PRM_MAIL_CAPTURE_DIR/<schema>/`, made whole or not at all. The same
message a second time changes nothing; it is counted, so that tests can prove there was none.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from prm.tenancy import context

_NAME = re.compile(r"[0-9a-f]{64}")
_SCHEMA = re.compile(r"[a-z][a-z0-9_]{1,62}")
_EPOCH = datetime.fromtimestamp(0, UTC)


class NotCaptured(LookupError):
    """There is no captured mail of that name."""


@dataclass(frozen=True, slots=True)
class CapturedMail:
    """A captured mail's envelope; `name` finds it again, `at` is the portal's time."""

    name: str
    message_id: str
    sender: str
    to: str
    address: str
    subject: str
    at: datetime
    duplicates: int


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A captured mail with what was in it; `html` is empty if it had none."""

    mail: CapturedMail
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: bytes


class CaptureBackend(BaseEmailBackend):
    """Keeps the bytes of every mail of the active tenant; raises NoTenant without one."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Keep the mails; one that is kept already is counted as a duplicate."""
        folder = _folder(context.schema())
        folder.mkdir(parents=True, exist_ok=True)
        count = 0
        for mail in email_messages:
            message: Any = mail.message()
            _keep(folder, _name(str(message["Message-ID"])), message.as_bytes(linesep="\r\n"))
            count += 1
        return count

    def accepted(self, message_id: str) -> bool | None:
        """Return whether a message of the active tenant was kept."""
        return (_folder(context.schema()) / f"{_name(message_id)}.eml").exists()


def mailbox(schema: str, address: str | None = None, limit: int = 500) -> list[CapturedMail]:
    """Return a tenant's captured mails, newest first; only one person's if an address is given."""
    found = []
    for path in _folder(schema).glob("*.eml"):
        mail = _envelope(path)
        if address is None or mail.address == address.lower():
            found.append((mail.at, path.stat().st_mtime_ns, mail))
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [mail for _at, _written, mail in found[:limit]]


def read(schema: str, name: str) -> OpenedMail:
    """Return one captured mail; raises NotCaptured."""
    path = _folder(schema) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotCaptured(name)
    raw = path.read_bytes()
    parsed = BytesParser(_class=Parsed, policy=policy.default).parsebytes(raw)
    return OpenedMail(
        mail=_envelope(path),
        headers=tuple((key, _line(str(value))) for key, value in parsed.items()),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
        raw=raw,
    )


def forget(schema: str) -> None:
    """Delete a tenant's captured mails: with the tenant, or when the demo starts over."""
    folder = _folder(schema)
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    if folder.exists():
        folder.rmdir()


def _keep(folder: Path, name: str, raw: bytes) -> None:
    """Put a whole file under its name, or count a duplicate: a link is made once and never torn."""
    draft = folder / f".{uuid.uuid4().hex}"
    draft.write_bytes(raw)
    try:
        os.link(draft, folder / f"{name}.eml")
    except FileExistsError:
        with (folder / f"{name}.again").open("ab") as tally:
            tally.write(b".")
    finally:
        draft.unlink()


def _envelope(path: Path) -> CapturedMail:
    again = path.with_suffix(".again")
    return replace(_head(path), duplicates=again.stat().st_size if again.exists() else 0)


@lru_cache(maxsize=4_096)
def _head(path: Path) -> CapturedMail:
    """Read what a file's name stands for for ever: a whole file is put in place once."""
    with path.open("rb") as file:
        head = BytesParser(_class=Parsed, policy=policy.default).parse(file, headersonly=True)
    to = head["To"].addresses[0] if head["To"] and head["To"].addresses else None
    return CapturedMail(
        name=path.stem,
        message_id=_line(str(head["Message-ID"] or "")),
        sender=_line(str(head["From"] or "")),
        to=_line(str(head["To"] or "")),
        address=to.addr_spec.lower() if to else "",
        subject=_line(str(head["Subject"] or "")),
        at=parsedate_to_datetime(str(head["Date"])) if head["Date"] else _EPOCH,
        duplicates=0,
    )


def _part(parsed: Parsed, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def _folder(schema: str) -> Path:
    if not _SCHEMA.fullmatch(schema):
        raise NotCaptured(schema)
    return Path(settings.PRM_MAIL_CAPTURE_DIR) / schema


def _name(message_id: str) -> str:
    return hashlib.sha256(message_id.encode()).hexdigest()


def _line(text: str) -> str:
    return " ".join(text.split())
