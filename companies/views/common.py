"""What the views of this room share."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies import services
from companies.models import Company
from companies.policies import WRITERS
from prm.access import VENDOR_ROLES, Audience, access
from prm.http import PrmRequest
from prm.locks import Busy

for_staff = access(Audience.VENDOR, roles=VENDOR_ROLES)
for_writers = access(Audience.VENDOR, roles=WRITERS)
get_or_post = require_http_methods(["GET", "HEAD", "POST"])

REFUSALS = (
    services.MergeRefused,
    services.CompanyMerged,
    services.DomainTaken,
    services.DomainUnusable,
    services.TooManyNames,
    services.NameUnusable,
    services.NameNeeded,
    services.NumberUnusable,
    services.FactTaken,
    services.FactUnusable,
    services.FamilyCircle,
    Busy,
)


def company_of(request: PrmRequest, uid: UUID) -> Company:
    """The company if this person may know of it, else 404."""
    reachable = Company.objects.all().visible_to(request.user)
    reachable = reachable.select_related("merged_into", "parent", "industry")
    return get_object_or_404(reachable, uid=uid)


def sentence_of(error: Exception) -> str:
    """Why a service refused, in a sentence."""
    if isinstance(error, services.CompanyMerged):
        return _("This company was merged into %(name)s meanwhile.") % {"name": error.company.name}
    if isinstance(error, services.DomainTaken):
        return _("This domain belongs to %(name)s.") % {"name": error.company.name}
    if isinstance(error, services.FactTaken):
        return _("This belongs to %(name)s.") % {"name": error.company.name}
    if isinstance(error, services.FamilyCircle):
        return _("That company belongs to this one, so it cannot own it.")
    if isinstance(error, services.TooManyNames):
        return _("This company has as many names, domains or other facts as it may have.")
    if isinstance(error, Busy):
        return _("Somebody else is changing this company right now. Try again in a moment.")
    return str(error)
