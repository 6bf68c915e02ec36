"""Reads about agreements: what is missing, from whom, and who accepted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.functional import Promise, lazystr

from partners import requirements
from partners.enums import RequiredOf
from partners.models import Acceptance, Agreement, AgreementVersion, Partner
from partners.requirements import Terms
from prm import clock


@dataclass(frozen=True, slots=True)
class Missing:
    """A version that a partner has to accept and has not."""

    terms: Terms
    agreement: Agreement

    @property
    def reference(self) -> str:
        """The agreement's reference."""
        return self.agreement.reference

    @property
    def title(self) -> Promise:
        """The agreement's title in the language of whoever reads it."""
        return lazystr(self.agreement)


def missing_acceptances(partner: Partner, at: datetime | None = None) -> list[Missing]:
    """Return what a partner has to accept and has not, in force first, then upcoming."""
    return missing_by_partner([partner], at)[partner.pk]


def missing_by_partner(
    partners: Iterable[Partner], at: datetime | None = None
) -> dict[int, list[Missing]]:
    """Return what each of the partners has to accept and has not; at most four queries."""
    partners, at = list(partners), at or clock.now()
    agreements, versions = _published()
    found: dict[int, list[Missing]] = {partner.pk: [] for partner in partners}
    if not versions:
        return found
    accepted, places = _accepted(partners), _places(partners, versions.values())
    for partner in partners:
        for agreement, terms in versions.items():
            due = requirements.missing(
                terms,
                accepted=accepted.get((partner.pk, agreement), 0),
                country=partner.country,
                territories=places[partner.pk],
                at=at,
            )
            found[partner.pk] += [Missing(each, agreements[agreement]) for each in due]
        found[partner.pk].sort(key=lambda each: each.terms.effective_at)
    return found


def terms_of(version: AgreementVersion) -> Terms:
    """Return a published version as the pure rules read it."""
    assert version.effective_at is not None
    by_country = version.required_of == RequiredOf.COUNTRIES
    return Terms(
        pk=version.pk,
        agreement=version.agreement_id,
        number=version.number,
        effective_at=version.effective_at,
        gates=frozenset(version.gates),
        required_of=version.required_of,
        places=frozenset(version.countries if by_country else version.territories),
    )


def _published() -> tuple[dict[int, Agreement], dict[int, list[Terms]]]:
    """Return the agreements in use with their published versions; one query."""
    agreements: dict[int, Agreement] = {}
    versions: dict[int, list[Terms]] = defaultdict(list)
    rows = AgreementVersion.objects.all().published().filter(agreement__retired_at=None)
    for version in rows.select_related("agreement").defer("texts").order_by("agreement", "number"):
        agreements[version.agreement_id] = version.agreement
        versions[version.agreement_id].append(terms_of(version))
    return agreements, versions


def _accepted(partners: list[Partner]) -> dict[tuple[int, int], int]:
    """Return the highest number accepted, by partner and agreement; one query."""
    rows = (
        Acceptance.objects.filter(partner__in=partners)
        .order_by()
        .values_list("partner_id", "version__agreement_id")
        .annotate(number=Max("version__number"))
    )
    return {(partner, agreement): number for partner, agreement, number in rows}


def _places(partners: list[Partner], versions: Iterable[list[Terms]]) -> dict[int, frozenset[str]]:
    """Return the codes of each partner's territories; one query, and only if one version asks."""
    codes: dict[int, set[str]] = {partner.pk: set() for partner in partners}
    if any(each.required_of == RequiredOf.TERRITORIES for terms in versions for each in terms):
        through = Partner.territories.through.objects.filter(partner__in=partners)
        for partner, code in through.values_list("partner_id", "territory__code"):
            codes[partner].add(code)
    return {pk: frozenset(held) for pk, held in codes.items()}
