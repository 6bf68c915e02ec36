"""The people a vendor deals with at a partner, whether they can sign in or not."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from partners.enums import Function
from partners.models.organisation import Partner
from prm.timestamps import TimeStamped
from users.models import User


class ContactQuerySet(models.QuerySet["Contact"]):
    """Chainable filters over contacts."""

    def current(self) -> Self:
        """Contacts who still work there: not removed, and not kept out if they could sign in."""
        out = models.Q(user__isnull=False, user__is_active=False)
        return self.filter(removed_at=None).exclude(out)

    def signing(self) -> Self:
        """Current contacts with signing authority."""
        return self.current().filter(signs=True)


class Contact(TimeStamped):
    """A person at a partner, with functions. Written by `partners.services` only.

    `user` is set when that person can sign in; their name and address are the login's then. `signs`
    is the authority to accept terms for the partner. A contact is never deleted: acceptances name it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    functions = ArrayField(models.CharField(max_length=16, choices=Function.choices), default=list)
    signs = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Contact"]] = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "partner",
                Lower("email"),
                condition=models.Q(removed_at=None),
                name="a contact's address is used once at a partner",
            ),
            models.CheckConstraint(
                condition=models.Q(functions__contained_by=Function.values),
                name="a contact's functions are known ones",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def function_labels(self) -> list[str]:
        """The functions in the reader's language, in their usual order."""
        return [str(each.label) for each in Function if each.value in self.functions]
