"""What happens when due rows about profiles and terms come up. Registered when the app starts."""

from datetime import datetime, timedelta

from partners.models import AgreementVersion, Partner
from partners.selectors import missing_by_partner, profile_ends_at, profile_rule
from partners.services import notices
from partners.services.announcing import TERMS_ANNOUNCED
from partners.services.planning import PROFILE_ENDING
from prm import clock, due
from prm.due.models import DueRow


@due.handler(PROFILE_ENDING)
def profile_ending(row: DueRow) -> datetime | None:
    """Tell a partner's administrators; after an outage only the newest announcement goes out."""
    partner = Partner.objects.filter(uid=row.data["partner"], ended_at=None).first()
    rule = profile_rule()
    end = profile_ends_at(partner, rule) if partner else None
    if partner is None or end is None:
        return None
    now, days = clock.now(), int(row.data["days"])
    steps = [*rule.announce_days, 0]
    overtaken = any(end - timedelta(days=n) <= now for n in steps if n < days)
    if now >= end - timedelta(days=days) and not overtaken:
        notices.profile_ending(partner, end, days)
    return None


@due.handler(TERMS_ANNOUNCED)
def terms_announced(row: DueRow) -> datetime | None:
    """Tell every partner that a version concerns and that has not accepted it."""
    versions = AgreementVersion.objects.select_related("agreement").defer("texts")
    version = versions.filter(uid=row.data["version"], agreement__retired_at=None).first()
    if version is None:
        return None
    partners = list(Partner.objects.filter(ended_at=None).order_by("pk"))
    missing = missing_by_partner(partners)
    for partner in partners:
        if any(each.terms.pk == version.pk for each in missing[partner.pk]):
            notices.terms_published(version, partner, row.data["step"])
    return None
