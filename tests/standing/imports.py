"""Running deals of both partners from elsewhere, at every step of an import."""

from typing import TYPE_CHECKING, Any

from prm import due
from registrations import services
from registrations.enums import ImportState
from registrations.models import RegistrationImport
from registrations.services import importing
from tests.registrations.importing import content, row, upload

if TYPE_CHECKING:
    from tests.standing.seed import Story

URL = "/settings/deals/import/"
STEPS = ("mapping", "running", "done", "undone", "discard")


def plant(story: "Story") -> None:
    """Leave one import at each step, and note their names."""
    for step in ("mapping", "checked", "done", "undone", "running", "discard"):
        file = _at(story, step)
        story.keys[f"import.{step}"] = str(file.uid)


def sent(keys: Any) -> dict[str, Any]:
    """What an administrator sends to upload a file."""
    return {"file": upload(content(row(900, partner=keys["own.partner"])))}


def columns(keys: Any) -> dict[str, str]:
    """Which column is which in the file that waits for it."""
    mapping = RegistrationImport.objects.filter(uid=keys["import.mapping"]).values_list(
        "mapping", flat=True
    )
    return {"day_first": "day", **{key: str(at) for key, at in (mapping.first() or {}).items()}}


def _at(story: "Story", step: str) -> RegistrationImport:
    word, ada = story.words.staff, story.ada
    file = services.start_import(
        upload(content(*_rows(story, step)), f"{word}-{step}.csv"), actor=ada
    )
    if step in ("mapping", "discard"):
        return file
    services.map_import(file, file.mapping, actor=ada)
    _work(file)
    if step == "checked":
        return file
    services.begin_import(file, actor=ada)
    if step == "running":
        due.cancel(importing.KIND, str(file.uid))  # or it would be done before anybody looks
        return file
    _work(file)
    file.refresh_from_db()
    if step == "undone":
        services.begin_undo_import(file, actor=ada)
        _work(file)
    file.refresh_from_db()
    assert file.state in {ImportState.DONE, ImportState.UNDONE}
    return file


def _rows(story: "Story", step: str) -> list[dict[str, str]]:
    """A deal of each partner, and rows of nobody that have something wrong."""
    found = []
    for number, side in enumerate(("own", "rival")):
        word = getattr(story.words, side)
        found.append(
            row(
                number,
                old_reference=f"{word}-{step}",
                company=f"{word} Takeover {step}",
                website=f"takeover-{step}-{side}.example",
                partner=story.keys[f"{side}.partner"],
                owner="",
                product_lines=story.line.name,
                currency="",
                status=("approved", "open")[number],
                contact_name=f"{word} Contact",
                contact_email=f"{word}@customer.example",
                description=f"What {word} brings along",
            )
        )
    word = story.words.staff
    wrong = {"partner": f"{word} Unknown", "country": f"{word} land", "value": "?"}
    return [*found, row(7, company=f"{word} Wrong", old_reference=f"{word}-{step}", **wrong)]


def _work(file: RegistrationImport) -> None:
    while importing.work(str(file.uid)) is not None:
        continue
