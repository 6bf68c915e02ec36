"""What is known of a company besides its names: numbers, sites, names in other systems."""

import uuid

from django.db import models

from catalog.models import Territory
from companies.enums import NameSource, NumberScheme
from companies.models.company import Company
from prm.timestamps import CreatedAtField

VALUE_LENGTH = 64
SCHEME = r"^[A-Z][A-Z0-9-]{1,15}$"
SYSTEM = r"^[a-z][a-z0-9._-]{0,31}$"


class CompanyNumber(models.Model):
    """A registration number. A VAT number or LEI is `validated`: its check digits are right.

    `value` is written without spaces, dots and dashes where the scheme says nothing by them.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="numbers")
    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=VALUE_LENGTH)
    validated = models.BooleanField(default=False)
    source = models.CharField(max_length=12, choices=NameSource.choices)
    created_at = CreatedAtField()

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["value", "scheme"], name="a registration number belongs to one company"
            ),
            models.CheckConstraint(
                condition=models.Q(scheme__regex=SCHEME),
                name="a number's scheme is a short code in capitals",
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""), name="a registration number is not empty"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=NameSource.values),
                name="a number's source is known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"

    @property
    def scheme_label(self) -> str:
        """What the scheme is called; its code if it is not a well-known one."""
        known = dict(NumberScheme.choices)
        return str(known.get(self.scheme, self.scheme))


class CompanySite(models.Model):
    """A place where a company is."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = CreatedAtField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="a site's country is two letters or unknown",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="", street="", city="", postcode=""),
                name="a site says where it is",
            ),
        ]

    def __str__(self) -> str:
        parts = (self.name, self.street, f"{self.postcode} {self.city}".strip())
        return ", ".join(part for part in parts if part)


class ExternalId(models.Model):
    """What a company is called in another system, such as the vendor's CRM."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=32)
    value = models.CharField(max_length=VALUE_LENGTH)
    created_at = CreatedAtField()

    class Meta:
        ordering = ["system", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["value", "system"], name="an id of another system belongs to one company"
            ),
            models.CheckConstraint(
                condition=models.Q(system__regex=SYSTEM),
                name="another system is named by a short code",
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""), name="an id of another system is not empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.value}"
