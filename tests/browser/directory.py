"""A list is loaded, a pair reviewed, merged, and the merge undone: with and without JavaScript."""

from pathlib import Path
from typing import Any

from tests.browser.portal import Portal
from tests.browser.steps import MIA, press, says, sign_in

LIST = """Company,Website,Country
Hazelden Plastics Inc.,hazelden.example,US
Hazeldne Plastics,,US
,nobody.example,US
"""


def walk(portal: Portal, page: Any, folder: Path) -> None:
    """Walk the whole way as Mia."""
    file = folder / "accounts.csv"
    file.write_text(LIST, encoding="utf-8")
    sign_in(page, portal, MIA)
    page.goto(portal.url("/manage/companies/"))
    page.get_by_role("link", name="Load a list").click()
    page.get_by_label("List", exact=True).set_input_files(str(file))
    press(page, "Upload")
    says(page, "Which column is which?")
    press(page, "Check the list")
    says(page, "What would happen", "The name is missing")
    press(page, "Load 2 rows")
    says(page, "It can be undone until")
    page.goto(portal.url("/manage/companies/duplicates/"))
    press(page, "Search the directory")
    says(page, "Hazeldne Plastics")
    page.locator("#list td.first a").first.click()
    says(page, "The same company?", "Very likely the same")
    page.get_by_role("link", name="The same: merge").click()
    says(page, "What moves")
    press(page, "Merge")
    says(page, "is now part of")
    page.goto(portal.url("/manage/companies/?q=hazelden"))
    page.locator("#list td.first a").first.click()
    page.get_by_role("link", name="Undo Hazel").click()
    says(page, "It will stand for itself again")
    press(page, "Undo the merge")
    says(page, "stands for itself again")
