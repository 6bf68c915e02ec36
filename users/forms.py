"""What people type: sign-in, joining, preferences, invitations, roles."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from prm import carry, portal
from prm.access import VENDOR_ROLES, Audience
from prm.portal import zones
from prm.ui import preferences, savedviews
from users.enums import Density, Theme
from users.models import SavedView, User

NAME_LENGTH = 120
ROLE_CHOICES = [(role.value, role.label) for role in VENDOR_ROLES]


class SignInForm(LoginForm):
    """allauth's form, with what was typed before the session ended on board."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")  # the portal's word everywhere else
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields[carry.FIELD] = forms.CharField(required=False, widget=forms.HiddenInput)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in and go back to the page whose form was sent."""
        landing = carry.keep(request, self.cleaned_data.get(carry.FIELD, ""))
        return super().login(request, redirect_url=landing or redirect_url)  # type: ignore[no-any-return]


class ForgottenForm(ResetPasswordForm):
    """allauth's form for a forgotten password, in the portal's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class NameForm(forms.Form):
    """How somebody is called."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    name.widget.attrs["autocomplete"] = "name"


class JoinForm(NameForm):
    """Accepting an invitation: a name and a password of one's own."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; not your name or address, and nothing common."),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Judge the password against the rules, the name and the address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PreferencesForm(NameForm):
    """One's own name, language, zone and looks."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(
        label=_("Rows of lists"), choices=Density.choices, widget=forms.RadioSelect
    )
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        help_text=_(
            "Single keys such as J and K move through lists. Switch them off if they get in the way."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = ("", _("As the portal"))
        self.fields["language"].choices = [own, *preferences.languages()]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [own, *zones.choices()]  # type: ignore[attr-defined]


class RolesForm(forms.Form):
    """What a member of the staff may do."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Without a role a person can sign in, but sees nothing."),
    )


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    audience = forms.ChoiceField(label=_("Side"), widget=forms.RadioSelect)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the vendor's staff; lead agents have none."),
        error_messages={"required": _("Choose at least one role.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=preferences.languages, required=False
    )

    def __init__(self, *args: Any, audiences: tuple[Audience, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(audience.value, audience.label) for audience in audiences]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        self.fields["audience"].initial = audiences[0].value
        self.fields["language"].initial = portal.current().language
        if len(audiences) == 1:
            self.fields["audience"].required = False
            self.fields["audience"].widget = forms.HiddenInput()
        if Audience.VENDOR not in audiences:
            del self.fields["roles"]
        self.only = audiences[0] if len(audiences) == 1 else None

    def clean(self) -> dict[str, Any]:
        """Staff need a role; nobody else has vendor roles."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.only is not None:
            cleaned["audience"] = self.only.value
        if cleaned.get("audience") not in (None, Audience.VENDOR):
            self.errors.pop("roles", None)
            cleaned["roles"] = []
        return cleaned


class ViewNameForm(forms.Form):
    """What a saved view is called."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Enter a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, view: SavedView, **kwargs: Any) -> None:
        kwargs |= {"initial": {"name": view.name}, "auto_id": f"view-{view.uid}-%s"}
        super().__init__(*args, **kwargs)
        self.view = view


class SavedViewForm(forms.Form):
    """A list as it is now, and what it is to be called."""

    list_name = forms.CharField(widget=forms.HiddenInput, max_length=80)
    query = forms.CharField(
        widget=forms.HiddenInput,
        max_length=savedviews.MAX_QUERY,
        error_messages={"max_length": _("This list is narrowed by too much to be saved.")},
    )
    name = forms.CharField(
        label=_("Name of this view"),
        max_length=60,
        error_messages={"required": _("Enter a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Return the name with its blanks folded."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_list_name(self) -> str:
        """Refuse what is no list."""
        if not savedviews.address(self.cleaned_data["list_name"]):
            raise forms.ValidationError(_("There is no such list any more."))
        return str(self.cleaned_data["list_name"])
