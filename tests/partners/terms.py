"""What tests of profiles and terms share."""

from datetime import datetime
from typing import Any

from partners import services
from partners.enums import Gate, RequiredOf
from partners.models import Acceptance, AgreementVersion
from partners.services import Draft
from users.models import User

TEXT = "# Terms\n\nBe **kind**."


def publish(
    actor: User,
    *,
    agreement: Any = None,
    gates: tuple[Gate, ...] = (Gate.REGISTRATION,),
    effective_at: datetime | None = None,
    texts: dict[str, str] | None = None,
    required_of: RequiredOf = RequiredOf.ALL,
    territories: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
) -> AgreementVersion:
    """Publish an agreement's next version; a new agreement without one."""
    agreement = agreement or services.add_agreement(title="Partner Terms", actor=actor)
    draft = Draft(texts or {"en": TEXT}, gates, required_of, territories, countries)
    version = services.save_draft(agreement, draft, actor=actor)
    return services.publish_version(version, effective_at=effective_at, actor=actor)


def sign(version: AgreementVersion, user: User, name: str = "Paula Principal") -> Acceptance:
    """Accept a version as one of a partner's people."""
    contact = user.contact  # type: ignore[attr-defined]
    return services.accept(version, contact, name, "en", "192.0.2.7", actor=user)
