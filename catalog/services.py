"""Every write to the catalog. One kind's entries are changed one at a time, under its lock."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from catalog.enums import Kind
from catalog.models import MODELS, CatalogEntry, Territory, kind_of
from catalog.policies import can_change_catalog
from prm import clock, countries, events, locks
from prm.access import Actor, require
from prm.events import changes

NAME_LENGTH = 80
CODE_LENGTH = 40


class NameTaken(Exception):
    """Another entry of the kind has that name; `entry` is it, perhaps retired."""

    def __init__(self, entry: CatalogEntry) -> None:
        super().__init__(entry.name)
        self.entry = entry


class EntryRefused(ValueError):
    """A name that is empty or too long, or a country that does not exist."""


@transaction.atomic
def add_entry(
    kind: Kind,
    *,
    name: str,
    words: Mapping[str, str] | None = None,
    country_codes: Iterable[str] = (),
    actor: Actor,
) -> CatalogEntry:
    """Add an entry at the end of its kind; its code is made from the name and stays.

    Countries count for territories only. Raises PermissionDenied, EntryRefused, NameTaken, Busy.
    """
    require(can_change_catalog(actor))
    _hold(kind)
    model = MODELS[kind]
    name = _checked_name(model, name)
    entry = model(name=name, words=_spoken(words), code=_free_code(model, name))
    if isinstance(entry, Territory):
        entry.countries = _checked_countries(country_codes)
    last = model.objects.order_by("-position").values_list("position", flat=True).first()
    entry.position = 0 if last is None else last + 1
    entry.save()
    _record("catalog.entry_added", entry, actor=actor, private={"name": name})
    return entry


@transaction.atomic
def edit_entry(
    entry: CatalogEntry,
    *,
    name: str,
    words: Mapping[str, str] | None = None,
    country_codes: Iterable[str] = (),
    actor: Actor,
) -> CatalogEntry:
    """Rename an entry, change its words per language and a territory's countries.

    Raises PermissionDenied, EntryRefused, NameTaken, Busy.
    """
    require(can_change_catalog(actor))
    entry = _locked(entry)
    texts = {"name": _checked_name(type(entry), name, entry), "words": _spoken(words)}
    codes = {}
    if isinstance(entry, Territory):
        codes["countries"] = _checked_countries(country_codes)
    old = {field: getattr(entry, field) for field in (*texts, *codes)}
    renamed = changes.between(old, texts)
    if "words" in renamed:
        renamed["words"] = [_flat(side) for side in renamed["words"]]
    moved = changes.between(old, codes)
    if renamed or moved:
        entry.change(**texts, **codes)
        _record(
            "catalog.entry_edited",
            entry,
            actor=actor,
            data=changes.payload(moved),
            private=changes.payload(renamed),
        )
    return entry


@transaction.atomic
def retire_entry(entry: CatalogEntry, *, actor: Actor) -> CatalogEntry:
    """Take an entry out of every choice; records that name it keep it. Raises PermissionDenied."""
    require(can_change_catalog(actor))
    entry = _locked(entry)
    if entry.retired_at is None:
        entry.change(retired_at=clock.now())
        _record("catalog.entry_retired", entry, actor=actor)
    return entry


@transaction.atomic
def restore_entry(entry: CatalogEntry, *, actor: Actor) -> CatalogEntry:
    """Offer a retired entry again. Raises PermissionDenied."""
    require(can_change_catalog(actor))
    entry = _locked(entry)
    if entry.retired_at is not None:
        entry.change(retired_at=None)
        _record("catalog.entry_restored", entry, actor=actor)
    return entry


@transaction.atomic
def move_entry(entry: CatalogEntry, *, up: bool, actor: Actor) -> CatalogEntry:
    """Swap an entry with the active one before or after it; at the end nothing moves.

    Raises PermissionDenied, Busy.
    """
    require(can_change_catalog(actor))
    entry = _locked(entry)
    model = type(entry)
    ordered = list(model.objects.select_for_update().order_by("position", "name"))
    active = [row for row in ordered if row.retired_at is None]
    if entry not in active:
        return entry
    at = active.index(entry)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(active):
        return entry
    one, two = ordered.index(active[at]), ordered.index(active[other])
    ordered[one], ordered[two] = ordered[two], ordered[one]
    for position, row in enumerate(ordered):
        row.position = position
    model.objects.bulk_update(ordered, ["position"])
    _record("catalog.entry_moved", entry, actor=actor, data={"to": ordered.index(entry)})
    return _locked(entry)


def _hold(kind: Kind) -> None:
    locks.hold(f"catalog:{kind.value}")


def _locked(entry: CatalogEntry) -> CatalogEntry:
    """Take the kind's lock and re-read the row FOR UPDATE."""
    _hold(kind_of(entry))
    locked: CatalogEntry = type(entry).objects.select_for_update().get(pk=entry.pk)
    return locked


def _checked_name(model: type[CatalogEntry], name: str, entry: CatalogEntry | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise EntryRefused(name)
    others = model.objects.filter(name__iexact=name)
    taken = (others.exclude(pk=entry.pk) if entry else others).first()
    if taken is not None:
        raise NameTaken(taken)
    return name


def _checked_countries(codes: Iterable[str]) -> list[str]:
    wanted = sorted(set(codes))
    if not wanted or not all(countries.is_country(code) for code in wanted):
        raise EntryRefused(",".join(wanted))
    return wanted


def _spoken(words: Mapping[str, str] | None) -> dict[str, str]:
    """Return the words that are there; an empty one falls back to the name."""
    clean = {language: " ".join(word.split()) for language, word in (words or {}).items()}
    if any(len(word) > NAME_LENGTH for word in clean.values()):
        raise EntryRefused("words")
    return {language: word for language, word in sorted(clean.items()) if word}


def _flat(words: Mapping[str, str]) -> list[str]:
    return [f"{language}: {word}" for language, word in sorted(words.items())]


def _free_code(model: type[CatalogEntry], name: str) -> str:
    """Return a slug of the name that no entry of the kind has."""
    base = slugify(name)[: CODE_LENGTH - 4].strip("-") or "entry"
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)


def _record(
    code: str,
    entry: CatalogEntry,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    events.record(
        code,
        target=entry,
        actor=actor,
        data={"entry": entry.code, **(data or {})},
        private=private,
    )
