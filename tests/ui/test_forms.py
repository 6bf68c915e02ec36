"""Forms: label, hint, error, control; "(optional)"; one summary with links."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from prm.ui.forms import PlainFormMixin


class DealForm(PlainFormMixin, forms.Form):
    company = forms.CharField(label="Company", help_text="As on the letterhead.")
    website = forms.CharField(label="Website", required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree")

    def clean(self):
        self.add_error("website", "This website belongs to a partner.")
        raise forms.ValidationError("Nothing fits.")


def shown(template: str, **context: object) -> str:
    return Template("{% load crispy_forms_tags %}" + template).render(Context(context))


def test_optional_is_a_word_and_nothing_has_an_asterisk():
    page = shown("{{ form|crispy }}", form=DealForm())
    assert page.count("(optional)") == 1
    assert "*" not in page
    assert " required" not in page


def test_hint_and_error_stand_above_the_control_and_are_named_by_it():
    page = shown("{{ form|crispy }}", form=DealForm({"website": "x"}))
    places = [
        page.index(part)
        for part in ('for="id_company"', "id_company_helptext", 'id="id_company_error"')
    ]
    control = page.index('id="id_company"')
    assert sorted(places) == places
    assert places[-1] < control
    described = re.search(r'<input[^>]*name="company"[^>]*aria-describedby="([^"]*)"', page)
    assert described
    assert set(described.group(1).split()) == {"id_company_helptext", "id_company_error"}
    assert re.search(r'<input[^>]*name="company"[^>]*aria-invalid="true"', page)


def test_summary_links_to_the_first_input_of_each_field():
    page = shown("{{ form|crispy }}", form=DealForm({"website": "x"}))
    summary = page[page.index('class="summary"') : page.index("</ul>")]
    assert re.findall(r'href="(#[^"]+)"', summary) == [
        "#id_company",
        "#id_website",
        "#id_kind_0",
        "#id_agree",
    ]
    for link in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{link}"' in page
    assert "Nothing fits." in summary
    assert "autofocus" in summary


def test_stock_messages_say_what_they_are_about():
    page = shown("{{ form|crispy }}", form=DealForm({"website": "x"}))
    assert "Company: This field is required." in page
    assert "Website: " not in page


def test_a_form_has_one_summary_wherever_it_stands():
    form = DealForm({"website": "x"})
    page = shown(
        "{% form_problems_once form as problems %}{% include 'ui/_summary.html' %}{{ form|crispy }}",
        form=form,
    )
    assert page.count('class="summary"') == 1


def test_nothing_is_shown_when_all_is_well():
    assert "summary" not in shown("{{ form|crispy }}", form=DealForm())


def test_the_crispy_tag_leaves_the_form_tag_to_the_page():
    page = render_crispy_form(DealForm())
    assert "<form" not in page
    assert "csrf" not in page


def test_formset_problems_are_told():
    formset = forms.formset_factory(DealForm)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-company": "x"}
    page = shown("{% form_problems formset as problems %}{{ problems }}", formset=formset(data))
    assert "Nothing fits." in page


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mia Chen", "MC"), ("Plato", "P"), ("Ana Maria de Souza", "AS"), ("", "")],
)
def test_initials(name, letters):
    assert shown("{{ name|initials }}", name=name) == letters
