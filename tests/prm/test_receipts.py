"""Receipts: the mark in a PDF, the command, the public page and its limit."""

import uuid
import zlib

import pytest
from django.core.management import CommandError, call_command

from partners import receipts as terms
from prm import limits
from prm.markdown import to_html
from prm.receipts import Mark, mark_of, read_marks, views
from tests.partners.terms import publish, sign

DIGEST = "a" * 64
MARK = Mark("T-7KQ4-M9TX", DIGEST)
LINE = mark_of("T-7KQ4-M9TX", DIGEST).encode()


@pytest.fixture
def given(lex, paula):
    """Harbor's acceptance of some terms."""
    return sign(publish(lex), paula)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 (" + LINE + b")", [MARK]),
        (b"%PDF-1.7 " + LINE + LINE, [MARK]),
        (b"%PDF-1.7 stream\r\n" + zlib.compress(LINE) + b"\nendstream", [MARK]),
        (b"%PDF-1.7 stream\nnothing deflated\nendstream", []),
        (b"%PDF-1.7 prm-receipt T-7KQ4-M9TX " + b"a" * 63, []),
        (LINE, []),
        (b"", []),
    ],
)
def test_the_mark_is_found_again(content, found):
    assert read_marks(content) == found


def test_a_bomb_is_read_within_bounds():
    stream = b"stream\n" + zlib.compress(b"\0" * 30_000_000) + b"\n"
    assert read_marks(b"%PDF-1.7 " + stream * 3 + LINE) == [MARK]


def test_the_command_verifies_a_pdf_and_what_is_printed_on_it(given, tmp_path, capsys):
    content = terms.pdf_of(given)
    file = tmp_path / "receipt.pdf"
    file.write_bytes(content)
    call_command("verify_receipt", str(file), "--tenant", "acme")
    call_command("verify_receipt", given.reference, given.event_digest)
    told = capsys.readouterr().out
    assert told.count(f"acme: genuine, {given.reference}: Genuine: accepted by Harbor on") == 2
    assert terms.pdf_of(given) == content  # the same bytes every time
    file.write_bytes(content + mark_of(given.reference, "b" * 64).encode())
    with pytest.raises(CommandError, match="Not genuine"):
        call_command("verify_receipt", str(file))


def test_the_command_says_what_it_cannot_read(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_receipt", str(tmp_path / "none.pdf"))
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="not a receipt"):
        call_command("verify_receipt", str(tmp_path / "other.pdf"))
    with pytest.raises(CommandError):
        call_command("verify_receipt", "T-7KQ4-M9TX", DIGEST, "--tenant", "nowhere")


def test_the_page_says_one_thing_to_whatever_does_not_match(given, browse):
    client = browse()
    good = {"reference": given.reference, "digest": given.event_digest}
    assert b"This receipt is genuine" in client.get("/verify/", good).content
    for wrong in (
        {**good, "digest": DIGEST},
        {**good, "reference": "T-0000-0000"},
        {**good, "reference": "nothing"},
    ):
        page = client.get("/verify/", wrong).content.decode()
        assert "Nothing here matches this reference and this digest together." in page
        assert "Harbor" not in page
    assert client.get("/verify/", {"reference": ""}).status_code == 422


def test_another_vendor_knows_nothing_of_it(given, browse):
    good = {"reference": given.reference, "digest": given.event_digest}
    assert "This receipt" not in browse(schema="globex").get("/verify/", good).content.decode()


def test_asking_often_is_stopped(given, browse, monkeypatch):
    monkeypatch.setattr(views, "MOST_TRIES", 2)
    client = browse()
    client.defaults["REMOTE_ADDR"] = str(uuid.uuid4())
    asked = {"reference": given.reference, "digest": DIGEST}
    assert [client.get("/verify/", asked).status_code for _try in range(3)] == [200, 200, 429]
    assert client.get("/verify/").status_code == 200


def test_a_limit_counts_per_action_and_peer(db):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())  # the cache outlives the test
    tries = [limits.may("a", one, most=2, seconds=60) for _try in range(3)]
    assert tries == [True, True, False]
    assert limits.may("b", one, most=2, seconds=60)
    assert limits.may("a", other, most=2, seconds=60)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\ntwo", "<h2>One</h2>\n<p>two</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;\n"),
        ("<b onclick=x>y</b>", "<p>&lt;b onclick=x&gt;y&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
    ],
)
def test_markdown_is_safe(text, html):
    found = str(to_html(text))
    assert "<script" not in found
    assert "href=" not in found
    assert found == html or "&lt;script" in found


def test_markdowns_links_name_no_referrer_and_images_stay_out():
    assert 'rel="noopener noreferrer"' in to_html("[x](https://x.example)")
    assert "<img" not in to_html("![x](https://x.example/x.png)")
