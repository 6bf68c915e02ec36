"""Every change of the portal's settings: who may, what is refused, what is recorded."""

from datetime import date, time
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from prm import portal, uploads
from prm.events.models import Event
from prm.portal import hours, services
from prm.portal.models import Closure, OpeningHours, PortalSettings
from prm.tenancy import context

CHANGES = {
    "change_brand": {"name": "Acme Partners", "colour": "#AA0000"},
    "change_languages": {"languages": ["de"], "language": "de"},
    "change_zone": {"zone": "Europe/Berlin"},
    "change_currency": {"currency": "EUR"},
    "change_holidays": {"country": "DE"},
    "change_sender": {"sender_name": "Acme", "reply_to": "Deals@Acme.example", "help_text": ""},
    "change_security": {"require_staff_mfa": True},
    "change_hours": {"week": {0: [(time(8), time(12))]}},
    "add_closure": {"day": date(2026, 12, 24), "name": "Christmas Eve"},
    "remove_logo": {},
}


def last_event(code):
    return Event.objects.select_related("detail").filter(code=code).latest("at", "id")


@pytest.mark.parametrize("service", CHANGES)
@pytest.mark.parametrize("who", ["mia", "fin", "lex", "ana", "nadia", "pat", "paula", "lea"])
def test_only_an_administrator_changes_the_portal(db, request, service, who):
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        getattr(services, service)(**CHANGES[service], actor=actor)
    assert not Event.objects.filter(code__startswith="portal.").exists()


def test_an_operator_changes_the_operators_portal(olga):
    with context.entered("ops"):
        services.change_security(require_staff_mfa=True, actor=olga)
        assert portal.current().require_staff_mfa


def test_brand_keeps_colour_as_code_and_name_as_text(ada):
    services.change_brand(name=" Acme Partners ", colour="#AA0000", actor=ada)
    assert (portal.current().name, portal.current().brand_colour) == ("Acme Partners", "#aa0000")
    event = last_event("portal.brand_changed")
    assert event.actor_uid == ada.uid
    assert event.data == {"changes": {"brand_colour": ["#1b57b8", "#aa0000"]}}
    assert event.detail.private == {"changes": {"name": ["Acme Software", "Acme Partners"]}}


@pytest.mark.parametrize(
    ("service", "values"),
    [
        ("change_brand", {"name": "Acme", "colour": "red; background: url(x)"}),
        ("change_brand", {"name": "   ", "colour": "#aa0000"}),
        ("change_brand", {"name": "x" * 81, "colour": "#aa0000"}),
        ("change_languages", {"languages": ["en"], "language": "de"}),
        ("change_languages", {"languages": ["en", "xx"], "language": "en"}),
        ("change_languages", {"languages": [], "language": "en"}),
        ("change_zone", {"zone": "Mars/Olympus"}),
        ("change_zone", {"zone": "../../etc/passwd"}),
        ("change_currency", {"currency": "DEM"}),
        ("change_holidays", {"country": "ZZ"}),
        (
            "change_sender",
            {"sender_name": "A\r\nBcc: x@y.example", "reply_to": "", "help_text": ""},
        ),
        ("change_sender", {"sender_name": "A", "reply_to": "nobody", "help_text": ""}),
    ],
)
def test_a_value_that_cannot_work_is_refused(ada, service, values):
    before = PortalSettings.objects.values().get()
    with pytest.raises(services.SettingRefused):
        getattr(services, service)(**values, actor=ada)
    assert PortalSettings.objects.values().get() == before


def test_saving_what_is_set_already_records_nothing(ada):
    services.change_currency(currency="USD", actor=ada)
    services.change_zone(zone="UTC", actor=ada)
    services.change_hours(week=portal_week(), actor=ada)
    assert not Event.objects.filter(code__startswith="portal.").exists()


def portal_week():
    return {day: [(time(9), time(17))] for day in range(5)}


def test_languages_keep_the_installation_s_order(ada):
    services.change_languages(languages=["de", "en"], language="de", actor=ada)
    assert portal.current().languages == ["en", "de"]
    assert portal.current().language == "de"


def test_hours_take_several_spans_a_day_and_move_the_calendar(ada):
    week = {0: hours.parse("9-12, 13-17"), 5: hours.parse("20:00-24:00")}
    services.change_hours(week=week, actor=ada)
    assert portal.calendar().hours[0] == ((time(9), time(12)), (time(13), time(17)))
    assert portal.calendar().hours[1] == ()
    assert portal.calendar().is_working_day(date(2026, 11, 21))
    changed = last_event("portal.hours_changed").data["changes"]
    assert changed["hours_0"] == ["09:00-17:00", "09:00-12:00,13:00-17:00"]
    assert changed["hours_5"] == ["", "20:00-24:00"]


def test_overlapping_hours_are_refused_as_a_whole(ada):
    with pytest.raises(hours.HoursInvalid):
        services.change_hours(week={0: [(time(9), time(12)), (time(11), time(13))]}, actor=ada)
    assert OpeningHours.objects.count() == 5


def test_a_closure_closes_the_day_and_can_be_taken_back(ada):
    day = date(2026, 12, 24)
    closure = services.add_closure(day=day, name="Christmas Eve", actor=ada)
    assert not portal.calendar().is_working_day(day)
    with pytest.raises(services.DayClosedAlready):
        services.add_closure(day=day, name="Again", actor=ada)
    services.remove_closure(closure, actor=ada)
    assert portal.calendar().is_working_day(day)
    assert last_event("portal.closure_removed").data == {"day": "2026-12-24"}
    assert last_event("portal.closure_removed").detail.private == {"name": "Christmas Eve"}


def test_holidays_of_a_country_close_its_days(ada):
    services.change_holidays(country="DE", actor=ada)
    assert not portal.calendar().is_working_day(date(2027, 5, 6))
    services.change_holidays(country="", actor=ada)
    assert portal.calendar().is_working_day(date(2027, 5, 6))


@pytest.fixture
def media(settings, tmp_path):
    settings.PRM_MEDIA_ROOT = tmp_path
    return tmp_path


def picture(size=(900, 300), name="logo.png"):
    written = BytesIO()
    Image.new("RGBA", size, "#1b57b8").save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue() + b"<script>hidden</script>", "image/png")


def test_a_logo_is_written_anew_small_and_replaces_the_old_file(
    ada, media, django_capture_on_commit_callbacks
):
    first = services.change_logo(upload=picture(), actor=ada).logo
    kept = media / "acme" / first
    assert b"script" not in kept.read_bytes()
    assert Image.open(kept).size == (384, 128)
    with django_capture_on_commit_callbacks(execute=True):
        second = services.change_logo(upload=picture((64, 64)), actor=ada).logo
    assert second != first
    assert not kept.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert services.remove_logo(actor=ada).logo == ""
    assert not (media / "acme" / second).exists()


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_a_file_that_is_no_image_never_becomes_the_logo(ada, media, content):
    with pytest.raises(uploads.UploadRefused):
        services.change_logo(upload=SimpleUploadedFile("a.png", content), actor=ada)
    assert portal.current().logo == ""
    assert not list(media.rglob("*.*"))


def test_a_stranger_s_logo_is_refused_before_it_is_kept(mia, media):
    with pytest.raises(PermissionDenied):
        services.change_logo(upload=picture(), actor=mia)
    assert not list(media.rglob("*.*"))


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (PortalSettings, {"brand_colour": "#AA0000"}, "six hexadecimal digits"),
        (PortalSettings, {"brand_colour": "red"}, "six hexadecimal digits"),
        (PortalSettings, {"currency": "eur"}, "three letters"),
        (PortalSettings, {"id": 2}, "one row of settings"),
        (OpeningHours, {"closes_at": time(8)}, "close after they open"),
    ],
)
def test_the_database_refuses_settings_that_are_wrong(db, model, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**values)


@pytest.mark.constraints
def test_the_database_closes_a_day_once(db):
    Closure.objects.create(day=date(2026, 12, 24), name="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.create(day=date(2026, 12, 24), name="B")


def test_settings_of_one_vendor_are_not_the_other_s(ada, globex):
    assert portal.current().name == "Globex Industrie"
    assert portal.current().currency == "EUR"
