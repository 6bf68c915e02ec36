"""Forms as the pages show them: no asterisks, no browser bubbles, one error summary.

    class DealForm(PlainFormMixin, forms.Form): ...

In the template:

    <form method="post" novalidate>{% csrf_token %}{{ form|crispy }}<div class="form-actions">…</div></form>

The summary appears by itself at the top of the form; put `<c-error-summary :form="form" />` in the
block `summary` to have it first in main. Answer a form with errors by `refused(request, template, …)`.
"""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNPROCESSABLE = 422


class PlainFormMixin:
    """Leaves checking to the server, whose messages say what to do, and the <form> tag to the page."""

    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        """What `{% crispy form %}` needs: fields only."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


def refused(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Show a form again with its errors: status 422, input kept, "Error:" in the title."""
    return render(request, template, dict(context), status=UNPROCESSABLE)
