"""People: make, rename, give roles, let in and keep out."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from prm import events, locks
from prm.access import VENDOR_ROLES, Actor, Audience, Role, require
from prm.events import changes
from users import policies, renaming
from users.models import User, VendorRole

ADMINISTRATORS = "users.administrators"  # lock: two administrators cannot remove each other at once
PREFERENCES = ("language", "zone", "theme", "density", "shortcuts")


class LastAdministrator(Exception):
    """The portal would be left without anybody who can administer it."""


class RolesRefused(ValueError):
    """Roles that people of this side cannot hold, or none where one is needed."""


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    audience: str,
    roles: Iterable[str] = (),
    language: str = "",
    password: str | None = None,
    actor: Actor | None,
) -> User:
    """Add somebody who may sign in; without a password they reset one first.

    Vendor roles are written here; partner people become members in `partners`.
    Records user.created. Raises PermissionDenied, RolesRefused, IntegrityError for a known address.
    """
    require(policies.can_invite(actor, audience))
    wanted = checked_roles(audience, roles)
    user = User(email=email.strip().lower(), name=" ".join(name.split()), audience=audience)
    user.language = language
    user.set_password(password)
    user.save(force_insert=True)
    if audience == Audience.VENDOR:
        VendorRole.objects.bulk_create(VendorRole(user=user, role=role) for role in wanted)
    events.record(
        "user.created",
        target=user,
        actor=actor,
        data={"audience": audience, "roles": wanted},
        private={"name": user.name, "email": user.email},
    )
    return user


@transaction.atomic
def change_roles(user: User, *, roles: Iterable[str], actor: Actor | None) -> User:
    """Give a member of the vendor's staff exactly these roles; they count from the next request.

    Records user.roles_changed if anything changes.
    Raises PermissionDenied, RolesRefused, LastAdministrator.
    """
    require(policies.can_change_roles(actor, user))
    wanted = checked_roles(user.audience, roles)
    locks.hold(ADMINISTRATORS)
    user = _locked(user)
    held = sorted(user.vendor_roles.values_list("role", flat=True))
    if held == wanted:
        return user
    if Role.ADMINISTRATOR in held and Role.ADMINISTRATOR not in wanted:
        _keep_one(user)
    user.vendor_roles.exclude(role__in=wanted).delete()
    VendorRole.objects.bulk_create(
        VendorRole(user=user, role=role) for role in wanted if role not in held
    )
    _record("user.roles_changed", user, actor, data={"changes": {"roles": [held, wanted]}})
    return user


@transaction.atomic
def disable(user: User, *, actor: Actor | None) -> User:
    """Keep somebody out: their sessions end with the next request. Idempotent.

    Records user.disabled. Raises PermissionDenied, LastAdministrator.
    """
    require(policies.can_switch(actor, user))
    locks.hold(ADMINISTRATORS)
    user = _locked(user)
    if not user.is_active:
        return user
    _keep_one(user)
    user.change(is_active=False, sign_in_epoch=user.sign_in_epoch + 1)
    _record("user.disabled", user, actor)
    return user


@transaction.atomic
def enable(user: User, *, actor: Actor | None) -> User:
    """Let somebody in again, with the roles they had; old sessions stay ended. Idempotent.

    Records user.enabled. Raises PermissionDenied.
    """
    require(policies.can_switch(actor, user))
    user = _locked(user)
    if not user.is_active:
        user.change(is_active=True)
        _record("user.enabled", user, actor)
    return user


@transaction.atomic
def rename(user: User, *, name: str, actor: Actor | None) -> User:
    """Change how a person is called. Records user.renamed if it differs. Raises PermissionDenied."""
    require(policies.can_rename(actor, user))
    user = _locked(user)
    name = " ".join(name.split())
    if name and name != user.name:
        old = user.name
        user.change(name=name)
        renaming.renamed(user)
        _record("user.renamed", user, actor, private={"changes": {"name": [old, name]}})
    return user


@transaction.atomic
def set_preferences(user: User, *, values: Mapping[str, Any], actor: Actor) -> User:
    """Set language, zone, theme, density, shortcuts and name (those that `values` has).

    Records user.preferences_changed and user.renamed for what changes. Raises PermissionDenied.
    """
    require(policies.can_set_preferences(actor, user))
    user = rename(user, name=values["name"], actor=actor) if "name" in values else _locked(user)
    wanted = {name: values[name] for name in PREFERENCES if name in values}
    changed = changes.between({name: getattr(user, name) for name in wanted}, wanted)
    if changed:
        user.change(**{name: new for name, (_old, new) in changed.items()})
        _record("user.preferences_changed", user, actor, data=changes.payload(changed))
    return user


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor | None) -> User:
    """Take a lost second factor off a person and end their sessions; they set up a new one.

    Records user.second_factor_reset. Raises PermissionDenied.
    """
    require(policies.can_switch(actor, user))
    user = _locked(user)
    removed, _each = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed:
        user.change(sign_in_epoch=user.sign_in_epoch + 1)
        _record("user.second_factor_reset", user, actor)
    return user


def checked_roles(audience: str, roles: Iterable[str]) -> list[str]:
    """Return the vendor roles to write, sorted; raise RolesRefused for what this side cannot hold."""
    wanted = sorted({str(role) for role in roles})
    if audience == Audience.VENDOR and not {str(role) for role in VENDOR_ROLES} >= set(wanted):
        raise RolesRefused(wanted)
    return wanted


def _locked(user: User) -> User:
    """Re-read the row FOR UPDATE."""
    return User.objects.get_queryset().select_for_update().get(pk=user.pk)


def _keep_one(user: User) -> None:
    """Raise LastAdministrator if nobody else could administer the portal."""
    others = User.objects.get_queryset().active().exclude(pk=user.pk)
    if user.audience == Audience.OPERATOR:
        left = others.filter(audience=Audience.OPERATOR)
    elif user.vendor_roles.filter(role=Role.ADMINISTRATOR).exists():
        left = others.holding(Role.ADMINISTRATOR)
    else:
        return
    if not left.exists():
        raise LastAdministrator


def _record(
    code: str,
    user: User,
    actor: Actor | None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    user.__dict__.pop("roles", None)
    events.record(code, target=user, actor=actor, data=data, private=private)
