"""Product lines, territories, industries, skills and tiers: names with a value per language."""

import uuid
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language

from catalog.enums import Kind
from prm.timestamps import TimeStamped

Entry = TypeVar("Entry", bound="CatalogEntry")


class CatalogQuerySet(models.QuerySet[Entry]):
    """Chainable filters over any kind of entry."""

    def active(self) -> Self:
        """Entries that may still be chosen."""
        return self.filter(retired_at=None)

    def named(self, name: str) -> Self:
        """Entries of that name, whatever its case."""
        return self.filter(name__iexact=name)


class CatalogEntry(TimeStamped):
    """What product lines, territories and industries share. Written by `catalog.services` only.

    `words` holds the label per language; a missing language falls back to `name`. The primary key is
    an `integer`, because protections hold ranges of them (`int4multirange`). A retired entry stays:
    records refer to it.
    """

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    words = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager] = CatalogQuerySet.as_manager()  # type: ignore[type-arg]

    class Meta:
        abstract = True
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="the name of a %(class)s is used once"),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="the name of a %(class)s is not empty"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return str(self.words.get((get_language() or "")[:2]) or self.name)


class ProductLine(CatalogEntry):
    """Something the vendor sells and protects on its own."""


class Territory(CatalogEntry):
    """A place that partners may work in: a set of countries."""

    countries = models.JSONField(default=list)


class Industry(CatalogEntry):
    """A trade that customers and partners belong to."""


class Skill(CatalogEntry):
    """Something that people at partners know how to do."""


class Tier(CatalogEntry):
    """A level of partnership, the highest first; rules refer to it."""


MODELS: dict[Kind, type[CatalogEntry]] = {
    Kind.PRODUCT_LINES: ProductLine,
    Kind.TERRITORIES: Territory,
    Kind.INDUSTRIES: Industry,
    Kind.SKILLS: Skill,
    Kind.TIERS: Tier,
}


def kind_of(entry: CatalogEntry) -> Kind:
    """Return what an entry names."""
    return next(kind for kind, model in MODELS.items() if isinstance(entry, model))
