"""One tenant's terms and profiles: an agreement with a draft that both partners accepted, one that waits,
contacts beside the people, a confirmed profile and the link that confirms it again."""

from typing import TYPE_CHECKING, Any

from partners import services
from partners.enums import Function, Gate
from partners.models import AgreementVersion
from partners.services import ContactFacts, Draft, notices
from prm import clock
from prm.links import token
from prm.links.models import ActionLink

if TYPE_CHECKING:
    from partners.models import Partner
    from tests.standing.seed import Story


def begin(story: "Story") -> None:
    """Publish two agreements, have one accepted by both partners, and note what addresses need."""
    word = story.words.portal
    first = services.add_agreement(title=f"{word} Partner Terms", actor=story.ada)
    version = _published(story, first, f"# {word} terms\n\nBe **kind** to customers.")
    for side, (partner, _seller) in story.parties.items():
        _people(story, side, partner)
        _accept(story, side, partner, version)
    services.save_draft(first, _draft(story, f"# {word} terms, new\n\nBe kinder."), actor=story.ada)
    other = services.add_agreement(title=f"{word} Data Terms", actor=story.ada)
    _published(story, other, f"{word} data stays here.")
    story.keys |= {"agreement": first.reference, "terms": other.reference}


def go_on(story: "Story") -> None:
    """A month later: the partners are asked to confirm, each with a link."""
    for side, (partner, _seller) in story.parties.items():
        partner.refresh_from_db()
        notices.profile_ending(partner, clock.now(), 30)
        link = ActionLink.objects.filter(subject=partner.uid).order_by("pk").last()
        assert link is not None
        story.keys[f"{side}.link.confirm"] = token(link)


def accepting(keys: Any) -> dict[str, str]:
    """Return what a signer sends to accept the agreement that waits."""
    version = AgreementVersion.objects.filter(agreement__reference=keys["terms"]).first()
    digest = version.digests["en"] if version else ""
    return {"typed_name": "Full Name", "may_sign": "on", "language": "en", "digest": digest}


def _published(story: "Story", agreement: Any, text: str) -> AgreementVersion:
    version = services.save_draft(agreement, _draft(story, text), actor=story.ada)
    return services.publish_version(version, actor=story.ada)


def _draft(story: "Story", text: str) -> Draft:
    return Draft(texts={"en": text, "de": text}, gates=(Gate.LEADS,))


def _people(story: "Story", side: str, partner: "Partner") -> None:
    """A contact who cannot sign in, and signing authority for the administrator."""
    word = getattr(story.words, side)
    facts = ContactFacts(
        f"{word} Bookkeeper", f"books@{word}.example", "555", (Function.ACCOUNTING,)
    )
    extra = services.add_contact(partner, facts, actor=story.mia)
    signer = _signer(story, side, partner)
    facts = ContactFacts(signer.name, signer.email, "", (Function.PRINCIPAL,), signs=True)
    services.edit_contact(signer, facts, actor=story.mia)
    partner.change(profile_confirmed_at=clock.now(), profile_confirmed_by=signer.user)
    story.keys[f"{side}.contact"] = str(extra.uid)


def _signer(story: "Story", side: str, partner: "Partner") -> Any:
    return partner.contacts.get(user__uid=story.keys[f"{side}.administrator"])


def _accept(story: "Story", side: str, partner: "Partner", version: AgreementVersion) -> None:
    signer, word = _signer(story, side, partner), getattr(story.words, side)
    given = services.accept(version, signer, f"Signer {word}", "en", "192.0.2.7", actor=signer.user)
    story.keys[f"{side}.acceptance"] = given.reference
