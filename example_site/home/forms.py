from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordLoginForm(LoginForm):
    """Log in with a password, for accounts that have one.

    Sign-up asks for no password, and so allauth would leave it out here; the page offers the code
    beside this form.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
