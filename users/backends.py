"""Sign-in by address and password, and the person behind each request, with their roles in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from users.models import User, VendorRole


class Backend(AuthenticationBackend):
    """allauth's, but for how it reads who is signed in."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a session, vendor roles included; None if there is nobody."""
        held = VendorRole.objects.filter(user=OuterRef("pk")).values("role")
        people = User.objects.annotate(held_roles=ArraySubquery(held))
        return people.filter(pk=user_id, is_active=True).first()
