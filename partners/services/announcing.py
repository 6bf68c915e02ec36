"""Who is told of terms, and when: at once, and a week before they take effect."""

from datetime import timedelta

from partners.models import AgreementVersion
from prm import clock, due
from prm.due.models import DueRow

TERMS_ANNOUNCED = "partners.terms-announced"
AHEAD = timedelta(days=7)


def plan_terms(version: AgreementVersion) -> None:
    """Ask for the announcements of a version that has just been published."""
    assert version.effective_at is not None
    now = clock.now()
    times = {"first": now, "again": version.effective_at - AHEAD}
    due.schedule_all(
        DueRow(
            kind=TERMS_ANNOUNCED,
            key=f"{version.uid}:{step}",
            subject=f"terms:{version.uid}",
            due_at=at,
            data={"version": str(version.uid), "step": step},
        )
        for step, at in times.items()
        if step == "first" or at > now
    )
