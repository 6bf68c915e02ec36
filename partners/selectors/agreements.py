"""Reads about agreements: what is missing, from whom, and who accepted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise, lazystr

from partners import requirements
from partners.enums import RequiredOf
from partners.models import Acceptance, Agreement, AgreementVersion, Partner
from partners.requirements import Terms
from prm import clock
from users.models import User


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


def version_list(user: User) -> QuerySet[AgreementVersion]:
    """Return the versions that a person may know of, with their agreement."""
    return AgreementVersion.objects.all().visible_to(user).select_related("agreement")


def agreement_list(user: User) -> QuerySet[Agreement]:
    """Return the agreements that a person may know of, with version in force and draft's number."""
    published = AgreementVersion.objects.filter(
        agreement=OuterRef("pk"), effective_at__lte=clock.now()
    ).order_by("-number")
    draft = AgreementVersion.objects.filter(agreement=OuterRef("pk"), published_at=None)
    return (
        Agreement.objects.all()
        .visible_to(user)
        .annotate(
            current=Subquery(published.values("number")[:1]),
            since=Subquery(published.values("effective_at")[:1]),
            draft=Subquery(draft.values("number")[:1]),
        )
    )


def acceptance_list(user: User) -> QuerySet[Acceptance]:
    """Return the acceptances that a person may know of, with who accepted what."""
    return (
        Acceptance.objects.all()
        .visible_to(user)
        .select_related("partner", "contact", "version__agreement")
    )


def coverage_of(version: AgreementVersion) -> QuerySet[Partner]:
    """Return the active partners that a published version concerns, with how they stand.

    `accepted_number` is the highest version accepted, this one or later; `accepted_at`, `accepted_by`
    and `acceptance` tell of it.
    """
    given = Acceptance.objects.filter(
        partner=OuterRef("pk"),
        version__agreement=version.agreement_id,
        version__number__gte=version.number,
    ).order_by("-version__number")
    partners = Partner.objects.filter(ended_at=None)
    if version.required_of == RequiredOf.COUNTRIES:
        partners = partners.filter(country__in=version.countries)
    elif version.required_of == RequiredOf.TERRITORIES:
        held = Partner.territories.through.objects.filter(
            territory__code__in=version.territories
        ).values("partner")
        partners = partners.filter(pk__in=held)
    return partners.annotate(
        accepted_number=Subquery(given.values("version__number")[:1]),
        accepted_at=Subquery(given.values("accepted_at")[:1]),
        accepted_by=Subquery(given.values("typed_name")[:1]),
        acceptance=Subquery(given.values("reference")[:1]),
    )
