"""Companies: end customers, each one identity with many spellings and domains."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse

from catalog.models import Industry
from companies.enums import (
    Designation,
    DesignationSource,
    NameFormKind,
    NameSource,
    Standing,
    Verdict,
)
from companies.matching import versions
from prm.access import Audience
from prm.timestamps import CreatedAtField, TimeStamped
from users.models import User

NAME_LENGTH = 200
DOMAIN_LENGTH = 253
FOLDED_LENGTH = 1200
"""A folded name may be longer: some signs stand for several letters."""


def _between(field: str, least: int, most: int) -> models.Q:
    return models.Q(**{f"{field}__length__gte": least, f"{field}__length__lte": most})


models.TextField.register_lookup(Length)


class CompanyQuerySet(models.QuerySet["Company"]):
    """Chainable filters over companies."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's staff; nobody else may browse companies."""
        return self if user.audience == Audience.VENDOR and user.roles else self.none()

    def current(self) -> Self:
        """Companies that were not merged into another."""
        return self.filter(merged_into=None)

    def at_domain(self, domain: str) -> Self:
        """The company that an identifying domain belongs to."""
        return self.filter(domains__domain=domain, domains__active=True)


class Company(TimeStamped):
    """An end customer organisation. Written by `companies.services` only.

    A merged company stays as a signpost to the one it was merged into; it has no names or domains
    of its own any more. `sort_key` is the folded name, the same in every locale. `parent` owns it;
    a trigger refuses circles.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.TextField()
    sort_key = models.CharField(max_length=NAME_LENGTH, editable=False)
    country = models.CharField(max_length=2, blank=True)
    designation = models.CharField(
        max_length=16, choices=Designation.choices, default=Designation.OPEN
    )
    designation_source = models.CharField(
        max_length=8,
        choices=DesignationSource.choices,
        default=DesignationSource.RULE,
        db_default=DesignationSource.RULE.value,
    )
    designation_rule = models.CharField(max_length=200, default="", db_default="", blank=True)
    """The code of the rule that decided, if one did."""
    designation_version = models.PositiveIntegerField(null=True)
    """The version of the rules in which it did."""
    standing = models.CharField(
        max_length=16, choices=Standing.choices, default=Standing.PROVISIONAL
    )
    industry = models.ForeignKey(
        Industry, null=True, on_delete=models.PROTECT, related_name="companies"
    )
    contacted_on = models.DateField(null=True)  # the vendor's own last contact
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="subsidiaries"
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    merged_at = models.DateTimeField(null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="companies_company_sorted"),
            GinIndex(OpClass("sort_key", "gin_trgm_ops"), name="companies_company_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_between("name", 1, NAME_LENGTH),
                name="a company's name has 1 to 200 characters",
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="a company's country is two letters or unknown",
            ),
            models.CheckConstraint(
                condition=models.Q(designation__in=Designation.values),
                name="a company's designation is known",
            ),
            models.CheckConstraint(
                condition=models.Q(designation_source__in=DesignationSource.values),
                name="who designated a company is known",
            ),
            models.CheckConstraint(
                condition=models.Q(designation_rule="", designation_version=None)
                | models.Q(
                    ~models.Q(designation_rule=""),
                    designation_source=DesignationSource.RULE,
                    designation_version__isnull=False,
                ),
                name="only a rule that designated a company is named",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values),
                name="a company's standing is known",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="a company is not merged into itself",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                name="a company is not its own parent",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None, merged_at=None)
                | models.Q(merged_into__isnull=False, merged_at__isnull=False),
                name="a merged company has its time of merging",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed who this is."""
        return self.standing == Standing.CONFIRMED

    @property
    def is_merged(self) -> bool:
        """Whether another company stands for this one."""
        return self.merged_into_id is not None

    def get_absolute_url(self) -> str:
        """The company's page for the vendor's staff."""
        return reverse("companies:detail", args=[self.uid])


class NormaliserState(models.Model):
    """The one row that says of which version of the normaliser this tenant has every name.

    Written by `companies.services.versions`; read through `companies.matching.versions`.
    """

    live = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1), name="one row says which normaliser is live"
            )
        ]

    def __str__(self) -> str:
        return str(self.live)


class CompanyNameQuerySet(models.QuerySet["CompanyName"]):
    """Chainable filters over names."""

    def shown(self) -> Self:
        """Active names, each once: while two versions are stored, those of the live one."""
        active = self.filter(active=True)
        return active.filter(norm_version=versions.live()) if versions.several() else active


class CompanyName(models.Model):
    """One comparable form of one name of a company, with the keys it is found by.

    `core`, `compact`, `tokens` and `keys` come from `companies.matching`, version `norm_version`.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="names")
    raw = models.TextField()
    form = models.CharField(max_length=8, choices=NameFormKind.choices, default=NameFormKind.MAIN)
    source = models.CharField(max_length=12, choices=NameSource.choices)
    core = models.TextField()
    compact = models.TextField()
    tokens = ArrayField(models.TextField())
    keys = ArrayField(models.BigIntegerField())
    norm_version = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)
    created_at = CreatedAtField()

    objects = CompanyNameQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            GinIndex(
                fields=["keys"],
                name="companies_name_keys",
                fastupdate=False,  # a pending list would be read through by every search
                condition=models.Q(active=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "compact", "norm_version"],
                condition=models.Q(active=True),
                name="a company has each name once",
            ),
            models.CheckConstraint(
                condition=_between("raw", 1, NAME_LENGTH),
                name="a name of a company has 1 to 200 characters",
            ),
            models.CheckConstraint(
                condition=_between("compact", 1, FOLDED_LENGTH)
                & _between("core", 1, FOLDED_LENGTH),
                name="a comparable name is neither empty nor long",
            ),
            models.CheckConstraint(
                condition=models.Q(keys__len__gte=1, keys__len__lte=48),
                name="a comparable name has 1 to 48 keys",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=NameSource.values)
                & models.Q(form__in=NameFormKind.values),
                name="a name's source and form are known",
            ),
        ]

    def __str__(self) -> str:
        return self.raw


class CompanyDomain(models.Model):
    """A web domain by which a company is known: registrable, lower case, ASCII."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=DOMAIN_LENGTH)
    source = models.CharField(max_length=12, choices=NameSource.choices)
    active = models.BooleanField(default=True)
    created_at = CreatedAtField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=models.Q(active=True),
                name="a domain belongs to one company",
            ),
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"),
                name="a domain is lower case ASCII with a dot",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=NameSource.values),
                name="a domain's source is known",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class NameVerdictQuerySet(models.QuerySet["NameVerdict"]):
    """Chainable filters over what people said about pairs."""

    def about(self, company: Company) -> Self:
        """Verdicts that name a company."""
        return self.filter(models.Q(low=company) | models.Q(high=company))

    def between(self, one: Company, other: Company) -> Self:
        """The verdict about two companies, if there is one."""
        low, high = sorted((one.pk, other.pk))
        return self.filter(low=low, high=high)


class NameVerdict(models.Model):
    """What a person said about two companies; asked once, remembered until something changes."""

    low = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    compared = models.CharField(max_length=32, blank=True)
    """A digest of both companies' names and domains when it was said; see `services.memory`."""

    objects = NameVerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="a pair has one verdict"),
            models.CheckConstraint(
                condition=models.Q(low__lt=models.F("high")), name="a pair is in order"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="a verdict is known"
            ),
        ]


class KeyCount(models.Model):
    """How many active names carry a key; counted now and then, rare keys are left out."""

    key = models.BigIntegerField(primary_key=True)
    count = models.IntegerField()


class CompanyWord(models.Model):
    """A word that some company name has, with what finds it when it is mistyped.

    `companies.matching.vocabulary` writes it with the name and reads it. Not unique on purpose: two
    registrations that bring the same new word must not wait for each other.
    """

    key = models.BigIntegerField(db_index=True)
    word = models.CharField(max_length=24)
    deletions = ArrayField(models.IntegerField())

    class Meta:
        indexes = [
            GinIndex(fields=["deletions"], name="companies_word_deletions", fastupdate=False)
        ]

    def __str__(self) -> str:
        return self.word


class MatchTuning(models.Model):
    """One version of what administrators changed about matching; the newest row is in force.

    Rows are added, never changed, so that every earlier decision can be explained. Read through
    `companies.matching.tuning`. `equivalences` is a list of lists of words that mean the same.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    threshold_offset = models.SmallIntegerField(default=0)
    stop_words = ArrayField(models.CharField(max_length=48), default=list, blank=True)
    equivalences = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = CreatedAtField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold_offset__gte=-40, threshold_offset__lte=40),
                name="a threshold is moved by at most 40 points",
            ),
            models.CheckConstraint(
                condition=models.Q(stop_words__len__lte=200),
                name="a tenant has at most 200 stop words",
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"{self.threshold_offset:+d}"
