"""What the demo's vendors sell, where and to whom."""

from dataclasses import dataclass

from catalog import services
from catalog.enums import Kind
from catalog.models import Industry, ProductLine, Skill, Territory, Tier
from users.models import User


@dataclass(frozen=True, slots=True)
class Named:
    """An entry with its German word."""

    name: str
    german: str = ""
    countries: tuple[str, ...] = ()


LINES: dict[str, tuple[Named, ...]] = {
    "acme": (
        Named("CRM Suite"),
        Named("ERP Cloud"),
        Named("Insight BI"),
        Named("Service Desk", "Servicedesk"),
    ),
    "globex": (
        Named("Drives", "Antriebe"),
        Named("Sensors", "Sensorik"),
        Named("Controllers", "Steuerungen"),
        Named("Maintenance", "Wartung"),
    ),
}
TERRITORIES = (
    Named("North America", "Nordamerika", ("US", "CA", "MX")),
    Named("DACH", "DACH", ("DE", "AT", "CH")),
    Named("UK and Ireland", "Vereinigtes Königreich und Irland", ("GB", "IE")),
    Named("Benelux", "Benelux", ("BE", "NL", "LU")),
    Named("Nordics", "Nordeuropa", ("DK", "FI", "NO", "SE")),
    Named("France", "Frankreich", ("FR",)),
)
INDUSTRIES = (
    Named("Manufacturing", "Fertigung"),
    Named("Logistics", "Logistik"),
    Named("Health care", "Gesundheit"),
    Named("Retail", "Handel"),
    Named("Energy", "Energie"),
    Named("Public sector", "Öffentliche Hand"),
)


SKILLS = (
    Named("Migration", "Migration"),
    Named("Security", "Sicherheit"),
    Named("Integration", "Integration"),
    Named("Training", "Schulung"),
)

TIERS = (Named("Gold", "Gold"), Named("Silver", "Silber"), Named("Registered", "Registriert"))


def plant(schema: str, administrator: User) -> None:
    """Add the portal's product lines, territories, industries, skills and tiers, as its administrator would."""
    for kind, entries in (
        (Kind.PRODUCT_LINES, LINES[schema]),
        (Kind.TERRITORIES, TERRITORIES),
        (Kind.INDUSTRIES, INDUSTRIES),
        (Kind.SKILLS, SKILLS),
        (Kind.TIERS, TIERS),
    ):
        for entry in entries:
            services.add_entry(
                kind,
                name=entry.name,
                words={"de": entry.german} if entry.german else {},
                country_codes=entry.countries,
                actor=administrator,
            )


def lines() -> list[ProductLine]:
    """Return the portal's product lines in their order."""
    return list(ProductLine.objects.order_by("position"))


def territories() -> list[Territory]:
    """Return the portal's territories in their order."""
    return list(Territory.objects.order_by("position"))


def industries() -> list[Industry]:
    """Return the portal's industries in their order."""
    return list(Industry.objects.order_by("position"))


def skills() -> list[Skill]:
    """Return the portal's skills in their order."""
    return list(Skill.objects.order_by("position"))


def tiers() -> list[Tier]:
    """Return the portal's tiers, the highest first."""
    return list(Tier.objects.order_by("position"))
