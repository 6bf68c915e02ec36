"""Of whom a version is required and what it closes, in words."""

from django.utils.translation import gettext as _

from catalog.models import Territory
from partners.enums import Gate, RequiredOf
from partners.models import AgreementVersion
from prm import countries


def describe(version: AgreementVersion) -> tuple[str, str]:
    """Return of whom a version is required, and what stays closed without it; one query at most."""
    return _who(version), ", ".join(str(Gate(gate).label) for gate in version.gates)


def _who(version: AgreementVersion) -> str:
    if version.required_of == RequiredOf.COUNTRIES:
        names = countries.spell(version.countries)
        return _("Partners from %(places)s") % {"places": names}
    if version.required_of == RequiredOf.TERRITORIES:
        places = Territory.objects.filter(code__in=version.territories)
        names = ", ".join(place.label for place in places)
        return _("Partners in %(places)s") % {"places": names}
    return str(RequiredOf.ALL.label)
