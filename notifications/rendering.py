"""Turn a message's notices into one mail, in its recipient's language and time zone."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime, formataddr
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import css_inline
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from notifications import kinds
from notifications.binding import sender_address
from notifications.enums import NoticeState
from notifications.models import Message, Notice
from notifications.payload import thaw
from prm import clock, portal
from prm.links import path
from prm.links.models import ActionLink
from prm.tenancy.context import base_url
from prm.ui import brand

PRIVATE = gettext_lazy("[private link]")
MOST_BYTES = 40_000
SUBJECT_LENGTH = 180
PREHEADER_LENGTH = 110


class NothingToSay(Exception):
    """A message has no notices left."""


class LinkGone(Exception):
    """A notice refers to an action link that does not exist."""


@dataclass(frozen=True, slots=True)
class Section:
    """One notice's part of a mail."""

    subject: str
    text: str
    html: SafeString
    reason: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail ready to leave, and what the log keeps of it: no text of account mails, no addresses
    that act. `digest` is the SHA-256 of the very bytes that leave."""

    mail: EmailMultiAlternatives
    subject: str
    log_text: str
    digest: str


class _Frozen(EmailMultiAlternatives):
    """A mail whose bytes are made once, so that the digest is that of what leaves."""

    _made: Any = None

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Return the one MIME message; raises BadHeaderError for a line break in a header."""
        if self._made is None:
            self._made = super().message(*args, **kwargs)
        return self._made


def render(message: Message) -> Rendered:
    """Return the mail of a claimed message. Raises NothingToSay, LinkGone, UnknownKind, and whatever
    a template raises."""
    notices = list(message.notices.filter(state=NoticeState.BOUND).order_by("not_before", "id"))
    if not notices:
        raise NothingToSay(str(message.uid))
    root = base_url()
    addresses = _addresses(notices, root)
    with translation.override(message.language), timezone.override(ZoneInfo(message.zone)):
        sections = [_section(notice, addresses[notice.pk], root) for notice in notices]
        subject = _subject(sections)
        frame = _frame(message, subject, sections, root)
        text = _text("notifications/message.txt", frame)
        html = _inliner().inline(get_template("notifications/message.html").render(frame))
        log_text = "" if message.account else _redacted(text, addresses.values())
    mail = _mail(message, subject, text, html)
    made: Any = mail.message()
    digest = hashlib.sha256(made.as_bytes(linesep="\r\n")).hexdigest()
    return Rendered(mail, subject, log_text, digest)


def _section(notice: Notice, addresses: Mapping[str, str], root: str) -> Section:
    kind = kinds.get(notice.kind)
    context = {
        **thaw(notice.context),
        "links": addresses,
        "notice": notice,
        "name": notice.name,
        "portal": portal.current(),
        "base_url": root,
    }
    return Section(
        subject=_one_line(_text(kind.path("subject.txt"), context)),
        text=_text(kind.path("txt"), context).strip(),
        html=SafeString(get_template(kind.path("html")).render(context)),
        reason=notice.reason,
    )


def _frame(message: Message, subject: str, sections: list[Section], root: str) -> dict[str, Any]:
    settings = portal.current()
    light, dark = brand.tokens(settings.brand_colour)
    return {
        "subject": subject,
        "preheader": _one_line(sections[0].text)[:PREHEADER_LENGTH],
        "sections": sections,
        "reasons": list(dict.fromkeys(s.reason for s in sections if s.reason)),
        "portal": settings,
        "base_url": root,
        "name": message.to_name,
        "language": message.language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "light": light,
        "dark": dark,
    }


def _subject(sections: list[Section]) -> str:
    """Return the one notice's subject, or how many there are and the first."""
    first = sections[0].subject
    if len(sections) > 1:
        first = gettext("%(count)d updates: %(first)s") % {"count": len(sections), "first": first}
    return first if len(first) <= SUBJECT_LENGTH else f"{first[: SUBJECT_LENGTH - 1]}…"


def _mail(message: Message, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    settings = portal.current()
    mail = _Frozen(
        subject=subject,
        body=text,
        from_email=formataddr((_one_line(settings.sender_name or settings.name), sender_address())),
        to=[formataddr((_one_line(message.to_name), message.to))],
        reply_to=[settings.reply_to] if settings.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(clock.now()),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
        },
    )
    if len(html.encode()) <= MOST_BYTES:  # a longer one is cut off by readers; the text says it all
        mail.attach_alternative(html, "text/html")
    return mail


def _addresses(notices: Iterable[Notice], root: str) -> dict[int, dict[str, str]]:
    """Return each notice's private addresses by name: action links and what its kind derives."""
    wanted = {notice.pk: dict(notice.context.get("links", {})) for notice in notices}
    uids = {UUID(uid) for links in wanted.values() for uid in links.values()}
    rows = {row.uid: row for row in ActionLink.objects.filter(uid__in=uids)} if uids else {}
    found: dict[int, dict[str, str]] = {}
    for notice in notices:
        missing = [uid for uid in wanted[notice.pk].values() if UUID(uid) not in rows]
        if missing:
            raise LinkGone(missing[0])
        found[notice.pk] = {n: root + path(rows[UUID(u)]) for n, u in wanted[notice.pk].items()}
        derive = kinds.lookup(notice.kind).derive
        if derive is not None:
            found[notice.pk] |= derive(notice)
    return found


def _redacted(text: str, addresses: Iterable[Mapping[str, str]]) -> str:
    for links in addresses:
        for address in links.values():
            text = text.replace(address, str(PRIVATE))
    return text


def _text(name: str, context: Mapping[str, Any]) -> str:
    """Render a plain-text template: nothing is escaped, whatever the template says."""
    template: Any = get_template(name)
    return str(template.template.render(Context(dict(context), autoescape=False)))


def _one_line(text: str) -> str:
    """Return a text as one line without control characters, fit for a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@cache
def _inliner() -> Any:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
