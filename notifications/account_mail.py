"""Invitations, password resets and security notes, through the same messages as everything else.

`users` stands below and knows nobody who writes mails; it offers two hooks that `register` fills.
No secret is stored: an invitation refers to its action link, and the address of a password reset is
derived from the person's row at the moment of sending.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.kinds import Kind
from notifications.models import Notice
from notifications.services import Address, cancel, notify
from prm import clock
from prm.links.models import ActionLink
from prm.tenancy.context import base_url
from users import adapters, invitations
from users.models import Invitation, User


class NoSuchAccountMail(LookupError):
    """allauth wants to send a mail that this portal does not have."""


class NobodyToReset(LookupError):
    """The person who wanted a new password is gone."""


def reset_address(notice: Notice) -> Mapping[str, str]:
    """Return the address that sets a new password: good for this person, once, for three days."""
    person = notice.recipient
    if person is None or not person.is_active:
        raise NobodyToReset(str(notice.uid))
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return {"reset": base_url() + reverse("account_reset_password_from_key", kwargs=key)}


GROUP = _("Your account")
KINDS = (
    Kind("account.invitation", _("Invitation"), group=GROUP, account=True),
    Kind(
        "account.password_reset", _("New password asked for"), group=GROUP, account=True,
        derive=reset_address,
    ),
    Kind("account.password_changed", _("Password changed"), group=GROUP, account=True),
    Kind("account.second_factor_set", _("Second factor set up"), group=GROUP, account=True),
    Kind("account.second_factor_removed", _("Second factor removed"), group=GROUP, account=True),
    Kind("account.recovery_codes_made", _("Recovery codes made"), group=GROUP, account=True),
)  # fmt: skip

# allauth's name of a mail -> ours
MAILS = {
    "account/email/password_reset_key": "account.password_reset",
    "account/email/password_changed": "account.password_changed",
    "account/email/password_set": "account.password_changed",
    "account/email/password_reset": "account.password_changed",
    "mfa/email/totp_activated": "account.second_factor_set",
    "mfa/email/totp_deactivated": "account.second_factor_removed",
    "mfa/email/recovery_codes_generated": "account.recovery_codes_made",
}
HAVE_ACCOUNT = _("You have an account in this portal.")


def register() -> None:
    """Fill the hooks of `users` and make the kinds known; called when the app starts."""
    kinds.register(*KINDS)
    adapters.register_mailer(send_account_mail)
    invitations.register_sender(send_invitation)


def send_account_mail(prefix: str, email: str, context: dict[str, Any]) -> None:
    """Tell a person about their account, in allauth's stead. Raises NoSuchAccountMail.

    The time is told, and from where; addresses and keys that allauth made are left out.
    """
    try:
        kind = MAILS[prefix]
    except KeyError as error:
        raise NoSuchAccountMail(prefix) from error
    person = context.get("user")
    if not isinstance(person, User):
        person = User.objects.get(email=email.lower())
    at = context.get("timestamp")
    notify(
        kind,
        recipients=[person],
        subject=person,
        key=f"{kind}:{uuid.uuid4()}",
        context={"at": at if isinstance(at, datetime) else clock.now()},
        reason=HAVE_ACCOUNT,
    )


def send_invitation(invitation: Invitation, link: ActionLink) -> None:
    """Ask somebody to join; an earlier mail that has not left yet is taken back."""
    prefix = f"account.invitation:{invitation.uid}:"
    cancel(key_prefix=prefix)
    host = invitation.invited_by
    notify(
        "account.invitation",
        recipients=[Address(invitation.email, invitation.name, invitation.language)],
        subject=invitation,
        key=f"{prefix}{link.uid}",
        context={
            "links": {"accept": link.uid},
            "host": host.name if host else "",
            "expires_at": invitation.expires_at,
        },
        reason=_("Somebody at this portal entered your address."),
    )
