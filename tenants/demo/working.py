"""How the demo's deals are worked: messages, evidence, more time, a hand-over, saved views."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from prm import clock
from registrations import services
from registrations.enums import WAITING_STATES, State
from registrations.models import Registration, RegistrationQuerySet
from tenants.demo.people import Cast
from tenants.demo.plans import Plan
from tenants.demo.travel import Agenda
from users import services as users
from users.models import User

WORDS = {
    "en": {
        "ask": "We met the board last week; they want to see the pilot's results in autumn.",
        "granted": "The pilot is a good reason. Keep us posted.",
        "refused": "Nothing has happened for two months. Register it again once it moves.",
        "question": "Is our offer from March still on your desk?",
        "reply": "It is. I need the minutes of your last meeting, then you hear from me.",
        "note": "Spoke to their purchasing: two bidders, ours is ahead.",
        "soon": "Ends soon",
        "file": "minutes.csv",
        "content": "day,what\n1,Meeting with purchasing\n2,Pilot agreed\n",
    },
    "de": {
        "ask": "Letzte Woche waren wir beim Vorstand; im Herbst will man die Ergebnisse der Pilotphase.",
        "granted": "Die Pilotphase ist ein guter Grund. Halten Sie uns auf dem Laufenden.",
        "refused": "Seit zwei Monaten ist nichts geschehen. Registrieren Sie neu, sobald es weitergeht.",
        "question": "Liegt unser Angebot vom März noch bei Ihnen?",
        "reply": "Ja. Ich brauche das Protokoll Ihres letzten Termins, dann hören Sie von mir.",
        "note": "Mit dem Einkauf gesprochen: zwei Bieter, unserer liegt vorn.",
        "soon": "Endet bald",
        "file": "protokoll.csv",
        "content": "tag,was\n1,Termin mit dem Einkauf\n2,Pilotphase vereinbart\n",
    },
}


def plant(plan: Plan, cast: Cast, agenda: Agenda, present: datetime) -> None:
    """Put the last two days' work of the first partner's people on the agenda."""
    work = _Work(plan, cast)
    steps: tuple[tuple[float, Callable[[], None]], ...] = (
        (52, work.ask_for_time),
        (30, work.decide_on_time),
        (26, work.write),
        (20, work.hand_over),
        (19, work.keep_views),
    )
    for hours, step in steps:
        agenda.add(present - timedelta(hours=hours), step)


class _Work:
    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.words = WORDS[plan.language]
        self.referee = cast.referee
        self.partner = cast.partners[0]
        self.people: list[User] = cast.sellers[self.partner.pk]

    def ask_for_time(self) -> None:
        """Three deals ask for more time; one of them goes on waiting."""
        for row in self._ending()[:3]:
            services.ask_for_extension(
                row, actor=row.owner, reason=self.words["ask"], files=[self._file()]
            )

    def decide_on_time(self) -> None:
        """One is granted, one refused."""
        waiting = [
            extension
            for row in self._ending()
            for extension in row.extensions.filter(state="PENDING").select_related(
                "registration__company"
            )
        ]
        for extension in waiting[1:2]:
            note = self.words["granted"]
            services.grant_extension(extension, actor=self.referee, note=note)
        for extension in waiting[2:3]:
            note = self.words["refused"]
            services.refuse_extension(extension, actor=self.referee, note=note)

    def write(self) -> None:
        """Both sides write about a deal that waits; the partner sends the minutes."""
        rows = self._own().filter(state__in=WAITING_STATES)
        for row in rows.order_by("-submitted_at", "pk")[:1]:
            services.write_message(row, self.words["question"], actor=row.owner)
            services.write_message(row, self.words["reply"], actor=self.referee)
            services.write_note(row, self.words["note"], actor=self.referee)
            services.add_file(row, self._file(), actor=row.owner)

    def hand_over(self) -> None:
        """One colleague gives another a deal."""
        for row in self._own().filter(state=State.APPROVED).order_by("-submitted_at", "pk")[:1]:
            others = [person for person in self.people if person.pk != row.owner_id]
            for colleague in others[:1]:
                services.hand_over(row, colleague, actor=row.owner)

    def keep_views(self) -> None:
        """Everybody there has a view of what ends soon."""
        for person in self.people:
            name, query = self.words["soon"], "view=ending&sort=close"
            users.save_view("registrations:list", name, query, actor=person)

    def _own(self) -> RegistrationQuerySet:
        return Registration.objects.filter(partner=self.partner).select_related("owner", "company")

    def _ending(self) -> list[Registration]:
        """The partner's protected deals, the one that ends first before the others."""
        held = self._own().filter(
            state=State.APPROVED,
            holdings__ended_at=None,
            holdings__protection__period__endswith__gt=clock.now() + timedelta(days=4),
        )
        return list(held.order_by("holdings__protection__period__endswith", "pk"))

    def _file(self) -> SimpleUploadedFile:
        return SimpleUploadedFile(self.words["file"], self.words["content"].encode(), "text/csv")
