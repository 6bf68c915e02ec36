"""The directory in real Chromium: on a desk with JavaScript, on a phone in the dark without."""

import pytest

from tests.browser.directory import walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_list_review_merge_and_undo(portal, window, tmp_path, script):
    more = {} if script else {"width": 320, "dark": True}
    walk(portal, window(script=script, **more), tmp_path)
    if script:  # the second walk begins with an empty directory again
        from companies.models import Company, CompanyLoad

        CompanyLoad.objects.all().delete()
        Company.objects.update(parent=None, merged_into=None, merged_at=None)
        Company.objects.all().delete()
