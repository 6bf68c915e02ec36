"""No link of a page leads nowhere: an empty address is a word that a template lost."""

import re

import pytest

from registrations.models import Registration

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["withdraw", "close", "discard"])
def test_a_question_can_be_left(browse, pat, page):
    from tests.registrations.conftest import make_draft, make_submitted

    make = make_draft if page == "discard" else make_submitted
    row: Registration = make(pat, "Initech")
    text = browse(pat).get(f"/deals/{row.reference}/{page}/").content.decode()
    assert not re.findall(r'href=""', text)
