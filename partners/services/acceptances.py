"""Accepting terms: a signer's full name under an exact text, once per partner and version."""

import hmac

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications import services as notifications
from partners import requirements
from partners.models import Acceptance, Agreement, AgreementVersion, Contact, Partner
from partners.selectors import signers_of, terms_of
from partners.services import notices
from partners.services.agreements import AgreementRefused
from partners.services.core import locked
from prm import clock, events
from prm.access import acted_by, require
from prm.reference import new_reference
from users.models import User


class CannotAccept(AgreementRefused):
    """The terms cannot be accepted now; `sentence` says why."""


class OnBehalf(CannotAccept):
    """Somebody acts for the signer."""

    sentence = _("You act on behalf of somebody: terms are accepted by the person alone.")


class NoAuthority(CannotAccept):
    """The contact may not sign; the sentence names who may."""

    def __init__(self, partner: Partner) -> None:
        names = ", ".join(contact.name for contact in signers_of(partner))
        if names:
            words = gettext(
                "You have no signing authority at %(partner)s. These people have: %(names)s."
            )
        else:
            words = gettext(
                "Nobody at %(partner)s has signing authority yet. Your administrator grants it "
                "under contacts."
            )
        super().__init__(words % {"partner": partner.name, "names": names})


class Superseded(CannotAccept):
    """A later version counts, or another text than the one that was shown."""

    sentence = _("A newer version has taken its place. Read and accept that one.")


@transaction.atomic
def accept(
    version: AgreementVersion,
    contact: Contact,
    typed_name: str,
    language: str,
    address: str,
    *,
    actor: User,
    text_digest: str = "",
) -> Acceptance:
    """Accept a version for the contact's partner, and return the acceptance; the second time the first.

    `language` says which text was read, `text_digest` (if given) that it was this very one; `address`
    is where the signer sat. Records terms.accepted, whose digest goes into the acceptance, and sends
    the receipt. Raises PermissionDenied unless the contact is the actor, and CannotAccept.
    """
    require(contact.user_id == actor.pk)
    if acted_by(actor) is not None:
        raise OnBehalf
    partner = locked(contact.partner)  # two signers at one instant: the second finds the first's
    if partner.ended_at is not None:
        raise CannotAccept(_("This partnership has ended."))
    contact = Contact.objects.select_related("user").get(pk=contact.pk)
    version = _in_use(version)
    given = Acceptance.objects.filter(version=version, partner=partner).first()
    if given is not None:
        return given
    _refuse_unfit(version, partner, contact)
    digest = version.digests.get(language, "")
    if not digest or (text_digest and not hmac.compare_digest(digest, text_digest)):
        raise Superseded
    name = " ".join(typed_name.split())
    if len(name) < 3 or " " not in name:
        raise CannotAccept(_("Type your full name: first and last."))
    return _write(version, partner, contact, name, language, address, actor)


def _in_use(version: AgreementVersion) -> AgreementVersion:
    """Re-read a version and keep its agreement as it is until the commit."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=version.agreement_id)
    version = AgreementVersion.objects.get(pk=version.pk)
    version.agreement = agreement
    return version


def _refuse_unfit(version: AgreementVersion, partner: Partner, contact: Contact) -> None:
    """Raise CannotAccept when the contact may not sign, or the version is not the one to sign."""
    user = contact.user
    if not contact.signs or contact.removed_at is not None or user is None or not user.is_active:
        raise NoAuthority(partner)
    if version.published_at is None or version.agreement.retired_at is not None:
        raise CannotAccept(_("These terms are not in use."))
    others = AgreementVersion.objects.filter(
        agreement=version.agreement_id, published_at__isnull=False
    )
    current = requirements.in_force(map(terms_of, others), clock.now())
    if current is not None and version.number < current.number:
        raise Superseded
    places = frozenset(partner.territories.values_list("code", flat=True))
    if not terms_of(version).applies_to(partner.country, places):
        raise CannotAccept(_("These terms are not required of your organisation."))


def _write(
    version: AgreementVersion,
    partner: Partner,
    contact: Contact,
    name: str,
    language: str,
    address: str,
    actor: User,
) -> Acceptance:
    reference = new_reference("T")
    event = events.record(
        "terms.accepted",
        target=partner,
        actor=actor,
        data={
            "acceptance": reference,
            "agreement": version.agreement.reference,
            "version": version.number,
            "version_uid": str(version.uid),
            "text_language": language,
            "text_digest": version.digests[language],
            "signer": str(contact.uid),
        },
        private={"typed_name": name, "address": address, "title": version.agreement.title},
        persons=[contact.uid, actor.uid],
    )
    acceptance = Acceptance.objects.create(
        reference=reference,
        version=version,
        partner=partner,
        contact=contact,
        language=language,
        text_digest=version.digests[language],
        event_uid=event.uid,
        event_digest=events.digest_now(event),
        typed_name=name,
        address=address or None,
        accepted_at=event.at,
    )
    _tell(acceptance)
    return acceptance


def _tell(acceptance: Acceptance) -> None:
    """Send the receipt; what still asks for this acceptance is overtaken."""
    notifications.supersede(
        key_prefix=notices.terms_key(acceptance.version, acceptance.partner),
        reason=gettext("Accepted meanwhile"),
    )
    notices.accepted(acceptance)
