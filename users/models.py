"""People, their vendor roles, and invitations to become one."""

import uuid
from functools import cached_property
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from prm import clock, portal
from prm.access import VENDOR_ROLES, Audience, Role
from prm.tenancy import context
from prm.timestamps import TimeStamped
from users.enums import Density, InvitationState, Theme
from users.roles import roles_of

USER_AUDIENCES = (Audience.PARTNER, Audience.VENDOR, Audience.AGENT, Audience.OPERATOR)


class UserQuerySet(models.QuerySet["User"]):
    """Chainable filters over people."""

    def active(self) -> Self:
        """People who may sign in."""
        return self.filter(is_active=True)

    def holding(self, role: Role) -> Self:
        """Active vendor staff with a role."""
        return self.active().filter(vendor_roles__role=role)

    def visible_to(self, user: "User") -> Self:
        """People somebody may know of here: all for staff and operators, oneself for everyone else."""
        if user.audience in (Audience.VENDOR, Audience.OPERATOR) and user.roles:
            return self
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"]):
    """Wanted by Django's authentication; people are made by `users.services`."""

    def get_queryset(self) -> UserQuerySet:
        """Return the queryset with our filters."""
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, TimeStamped):
    """Somebody who signs in to this portal, on one side of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    audience = models.CharField(max_length=12, choices=[(a.value, a.label) for a in USER_AUDIENCES])
    language = models.CharField(max_length=5, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    sign_in_epoch = models.PositiveIntegerField(default=0)  # raised to end every session

    objects: ClassVar[UserManager] = UserManager()

    acted_by: "User | None" = None  # set for one request while staff act for this person

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="an address belongs to one person"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="a person's address is lower case"
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=[a.value for a in USER_AUDIENCES]),
                name="a person is on one side",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now; read once per request."""
        return roles_of(self)

    @property
    def tzinfo(self) -> ZoneInfo:
        """The person's time zone, or the portal's."""
        return ZoneInfo(self.zone) if self.zone else portal.zone()

    @property
    def spoken_language(self) -> str:
        """The person's language, or the portal's."""
        return self.language or portal.current().language

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Bind sessions to the tenant, the password and the epoch: raising the epoch ends them all."""
        value, salt = f"{self.password}|{self.sign_in_epoch}", context.salt("users.session")
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Nobody holds Django permissions: rights are roles and policies."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Nobody holds Django permissions."""
        return False


class VendorRole(models.Model):
    """One role of one member of the vendor's staff."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="vendor_roles")
    role = models.CharField(max_length=24, choices=[(r.value, r.label) for r in VENDOR_ROLES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="a role is held once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in VENDOR_ROLES]),
                name="a vendor role is one of the vendor's",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Chainable filters over invitations."""

    def pending(self) -> Self:
        """Neither accepted nor withdrawn; their time may be over."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, user: User) -> Self:
        """All for staff and operators; partners ask for their own organisation's in their room."""
        if user.audience in (Audience.VENDOR, Audience.OPERATOR) and user.roles:
            return self
        return self.none()


class Invitation(TimeStamped):
    """An address asked to join, with the side and roles it will have."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=12, choices=[(a.value, a.label) for a in USER_AUDIENCES])
    roles = models.JSONField(default=list)
    organisation = models.UUIDField(null=True)  # a partner's uid; resolved by the room above
    language = models.CharField(max_length=5, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="an address has one open invitation",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="an invitation ends one way",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> InvitationState:
        """How it stands now."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        if self.expires_at <= clock.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN

    @property
    def role_labels(self) -> list[str]:
        """The roles it promises, in words."""
        return [str(Role(role).label) for role in self.roles]


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Chainable filters over saved views."""

    def visible_to(self, user: User) -> Self:
        """A person's own; nobody else's."""
        return self.filter(user=user)


class SavedView(TimeStamped):
    """A name that a person gave to a list as it was narrowed and sorted; theirs alone.

    `list_name` is the name of the list's URL, `query` its query string, see `prm.ui.savedviews`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_name", "name"], name="a saved view has a name of its own"
            )
        ]

    def __str__(self) -> str:
        return self.name
