"""What may come in, how it is kept, how it goes out again."""

import io
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image

from prm import uploads
from prm.tenancy import context
from prm.uploads import DOCUMENTS, IMAGES, IMPORTS, FileKind, StoredFile, UploadRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    """A media folder of the test's own."""
    settings.PRM_MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def image(
    form: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options
) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode != "1" else 1).save(written, form, **options)
    return written.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CSV = "name,city\r\nInitech,Köln\r\n".encode()


# --- what comes in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kinds", "content_type", "ending"),
    [
        (image("PNG"), IMAGES, "image/png", ".png"),
        (image("JPEG"), IMAGES, "image/jpeg", ".jpg"),
        (PDF, DOCUMENTS, "application/pdf", ".pdf"),
        (CSV, IMPORTS, "text/csv", ".csv"),
    ],
    ids=["png", "jpeg", "pdf", "csv"],
)
def test_allowed_kinds_are_kept_under_random_names(content, kinds, content_type, ending, media):
    one = uploads.accept(upload(content, "proof.exe"), "proofs", kinds)
    other = uploads.accept(upload(content, "proof.exe"), "proofs", kinds)
    assert (one.content_type, one.original_name) == (content_type, f"proof{ending}")
    assert one.name.endswith(ending)
    assert one.name != other.name
    assert "proof.exe" not in one.name
    kept = media / "acme" / one.name
    assert kept.stat().st_size == one.size
    assert kept.stat().st_mode & 0o077 == 0


HOSTILE = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "xml svg": b'<?xml version="1.0"?><svg></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after spaces": b"  \n <html></html>",
    "gif": b"GIF89a" + b"\x00" * 20,
    "zip": b"PK\x03\x04" + b"\x00" * 20,
    "elf": b"\x7fELF" + b"\x00" * 20,
    "not quite png": b"\x89PNG\r\n\x1a" + b"\x00" * 20,
    "latin 1": "Köln".encode("latin-1"),
    "utf 16": "a,b".encode("utf-16"),
    "nul": b"a,b\x00",
    "pdf later": b"\n%PDF-1.7 %%EOF",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_everything_else_is_refused_whatever_it_is_called(content, media):
    with pytest.raises(UploadRefused, match="Allowed: JPEG, PDF, PNG"):
        uploads.accept(upload(content, "logo.png"), "logos")
    assert not list(media.rglob("*"))


@pytest.mark.parametrize(
    "content", [HOSTILE[name] for name in sorted(HOSTILE) if name != "pdf later"]
)
def test_imports_take_plain_tables_only(content):
    with pytest.raises(UploadRefused):
        uploads.check(upload(content), IMPORTS)


def test_a_kind_that_is_not_wanted_here_is_refused():
    with pytest.raises(UploadRefused, match="Allowed: CSV"):
        uploads.check(upload(image()), IMPORTS)


def test_an_empty_file_is_refused():
    with pytest.raises(UploadRefused, match="empty"):
        uploads.check(upload(b""))


@pytest.mark.parametrize("lie", [None, 10])
def test_a_large_file_is_refused_even_when_its_size_is_a_lie(lie):
    large = upload(PDF + b" " * 2_000_000)
    if lie:
        large.size = lie
    with pytest.raises(UploadRefused, match="larger than 1 MB"):
        uploads.check(large, max_bytes=1_048_576)


def test_an_image_is_written_anew():
    hidden = b"<script>alert(1)</script>"
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    original = image("JPEG", exif=exif) + hidden
    clean = uploads.check(upload(original)).content
    assert hidden not in clean
    assert b"secret place" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_an_image_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = uploads.check(upload(image("JPEG", size=(40, 20), exif=exif))).content
    assert Image.open(io.BytesIO(clean)).size == (20, 40)


def test_transparency_is_kept():
    for original in (image(mode="RGBA"), image(mode="LA"), image(mode="P", transparency=0)):
        assert Image.open(io.BytesIO(uploads.check(upload(original)).content)).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
def test_odd_colour_modes_become_plain(mode):
    clean = uploads.check(upload(image(mode=mode) if mode != "I;16" else _deep_grey())).content
    assert Image.open(io.BytesIO(clean)).mode == "RGB"


def _deep_grey() -> bytes:
    written = io.BytesIO()
    Image.new("I;16", (8, 8), 1000).save(written, "PNG")
    return written.getvalue()


def test_large_images_are_made_smaller():
    clean = uploads.check(upload(image(size=(5_000, 100), mode="L"))).content
    assert Image.open(io.BytesIO(clean)).size == (4_000, 80)


@pytest.mark.parametrize("side", [5_000, 30_000])
def test_a_pixel_flood_is_refused_before_it_is_decoded(side):
    header = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    flood = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"\x00" * 20)
    with pytest.raises(UploadRefused, match="too many pixels"):
        uploads.check(upload(flood))


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


@pytest.mark.parametrize("cut", [20, 60, 200])
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_damaged_images_are_refused(form, cut):
    with pytest.raises(UploadRefused, match="damaged"):
        uploads.check(upload(image(form, size=(300, 300))[:cut]))


def test_a_pdf_without_its_end_is_refused():
    with pytest.raises(UploadRefused, match="PDF is damaged"):
        uploads.check(upload(b"%PDF-1.7 and then nothing"))


def test_a_table_loses_its_byte_order_mark():
    assert uploads.check(upload(b"\xef\xbb\xbf" + CSV), IMPORTS).content == CSV


def test_a_table_with_an_endless_cell_is_refused():
    with pytest.raises(UploadRefused, match="cannot be read"):
        uploads.check(upload(b'"' + b"a" * 200_000), IMPORTS)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\Angebot 5.docx", "Angebot 5.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "file.pdf"),
        (".htaccess", "file.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
        ("Übersicht.pdf", "Übersicht.pdf"),
    ],
)
def test_the_owners_name_is_made_harmless(name, clean):
    assert uploads.clean_name(name, FileKind.PDF) == clean


@pytest.mark.parametrize("folder", ["", "..", "a/b", "A", "/tmp"])
def test_a_folder_is_one_word(folder):
    with pytest.raises(ValueError, match="one lower-case word"):
        uploads.accept(upload(PDF), folder)


# --- how it goes out -----------------------------------------------------------------------------


def test_a_document_goes_out_as_an_attachment_in_a_sandbox():
    stored = uploads.accept(upload(PDF, "Rechnung ü.pdf"), "proofs")
    response = uploads.serve(stored, inline=True)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Rechnung")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_an_image_may_be_shown():
    stored = uploads.accept(upload(image(), "logo.png"), "logos")
    response = uploads.serve(stored, inline=True, max_age=60)
    assert response["Content-Disposition"] == 'inline; filename="logo.png"'
    assert response["Cache-Control"] == "private, max-age=60"
    response.close()


def test_an_unknown_content_type_goes_out_as_bytes():
    stored = uploads.accept(upload(PDF), "proofs")
    odd = StoredFile(stored.name, "x.html", "text/html", stored.size, stored.sha256)
    response = uploads.serve(odd, inline=True)
    assert response["Content-Type"] == "application/octet-stream"
    response.close()


@pytest.mark.parametrize("name", ["proofs/00/none.pdf", "../globex/x", "/etc/passwd"])
def test_a_name_that_leads_nowhere_is_not_found(name):
    with pytest.raises(Http404):
        uploads.serve(StoredFile(name, "x.pdf", "application/pdf", 1, ""))


def test_files_of_one_tenant_are_not_found_in_another():
    stored = uploads.accept(upload(PDF), "proofs")
    with context.entered("globex"), pytest.raises(Http404):
        uploads.serve(stored)


def test_nothing_is_kept_without_a_tenant():
    from django.db import connection

    connection.set_schema_to_public()
    with pytest.raises(context.NoTenant):
        uploads.accept(upload(PDF), "proofs")


def test_a_removed_file_is_gone(media):
    stored = uploads.accept(upload(PDF), "proofs")
    uploads.remove(stored.name)
    uploads.remove(stored.name)
    assert not (media / "acme" / stored.name).exists()


def test_private_files_have_no_address():
    with pytest.raises(ValueError, match="served by a view"):
        uploads.PrivateStorage().url("x")
