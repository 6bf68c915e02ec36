"""Make, verify and use action links. GET shows, POST acts; only `use` changes a row."""

import base64
import binascii
import hmac
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from prm import clock
from prm.links.models import ActionLink
from prm.tenancy import context

Landing = Callable[[HttpRequest, ActionLink], HttpResponse]
_landings: dict[str, Landing] = {}


class LinkInvalid(Exception):
    """The token is not one of this portal's; nothing is said about why."""


def landing(purpose: str) -> Callable[[Landing], Landing]:
    """Register the view that shows and acts on links of a purpose."""

    def register(view: Landing) -> Landing:
        _landings[purpose] = view
        return view

    return register


def landing_of(link: ActionLink) -> Landing:
    """Return the view registered for a link's purpose."""
    return _landings[link.purpose]


def create(
    purpose: str,
    *,
    subject: uuid.UUID,
    expires_at: datetime,
    recipient_uid: uuid.UUID | None = None,
    email: str = "",
    record_version: int = 0,
    data: Mapping[str, Any] | None = None,
) -> ActionLink:
    """Store a permission: one purpose, one record version, one recipient, until `expires_at` (UTC)."""
    return ActionLink.objects.create(
        purpose=purpose,
        subject=subject,
        expires_at=expires_at,
        recipient_uid=recipient_uid,
        email=email,
        record_version=record_version,
        data=dict(data or {}),
    )


def create_all(purposes: Iterable[str], **shared: Any) -> dict[str, ActionLink]:
    """Store several permissions that differ in their purpose alone, in one statement; `shared` is what
    `create` takes. Returns them by purpose."""
    made = {purpose: ActionLink(purpose=purpose, **shared) for purpose in purposes}
    ActionLink.objects.bulk_create(made.values())
    return made


def token(link: ActionLink) -> str:
    """Derive the link's token: its id and an HMAC bound to tenant, purpose and row."""
    return _encode(link.uid.bytes) + "." + _encode(_signature(link))


def path(link: ActionLink) -> str:
    """Return the address of a link within its portal."""
    return reverse("action-link", args=[token(link)])


def open_link(text: str) -> ActionLink:
    """Return the row behind a token, used or expired or not; raise LinkInvalid for a forgery."""
    try:
        name, signature = (_decode(part) for part in text.split("."))
        link = ActionLink.objects.get(uid=uuid.UUID(bytes=name))
    except (ValueError, binascii.Error, ActionLink.DoesNotExist) as error:
        raise LinkInvalid from error
    if not hmac.compare_digest(signature, _signature(link)):
        raise LinkInvalid
    return link


def is_live(link: ActionLink) -> bool:
    """Return whether a link may still act: neither used nor past its end."""
    return link.used_at is None and clock.now() < link.expires_at


def use(link: ActionLink) -> bool:
    """Mark a live link used; False if somebody was faster or its time is over."""
    now = clock.now()
    live = ActionLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    return live.update(used_at=now) == 1


def _signature(link: ActionLink) -> bytes:
    value = "|".join(
        [
            str(link.uid),
            str(link.subject),
            str(link.record_version),
            str(link.recipient_uid),
            link.email,
            link.expires_at.isoformat(),
        ]
    )
    salt = context.salt(f"link:{link.purpose}")
    return salted_hmac(salt, value, algorithm="sha256").digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
