"""Where a wallet sends a learner to be asked: the authorization endpoint (RFC 6749, section 3.1).

All of the request is in the address, at the first look and when the answer is sent, so that it is
checked both times and nothing hidden in a form can change it. A wrong client or redirect address
is shown on our own page and nothing is sent anywhere; any other fault is told to the wallet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.generic import View
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.http import OAuth2ResponseRedirect
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2.rfc6749 import errors

from wagtail_col.api import asking, connecting
from wagtail_col.api.models import Application, Connection
from wagtail_col.conf import base_url
from wagtail_col.language import in_chosen_language
from wagtail_col.own import never_kept
from wagtail_col.people.asking import on_the_way
from wagtail_col.people.may import Purpose, may, why_not
from wagtail_col.shell import render_page

#: BASE64URL of a SHA-256 (RFC 7636, section 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Asked:
    """What a wallet asks for, checked. ``credentials``: oauthlib's."""

    application: Application
    scopes: list[str]
    credentials: dict[str, Any]
    prompt: frozenset[str]

    @property
    def redirect_uri(self) -> str:
        return self.credentials["redirect_uri"]


@method_decorator([in_chosen_language, never_kept], name="dispatch")
class ConsentView(OAuthLibMixin, View):
    """Who wants what, for how long, and two buttons. ``?prompt=none``: without asking, or not."""

    http_method_names = ["get", "head", "post"]
    asked: Asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.asked = self._read(request)
            if "none" in self.asked.prompt:
                return self._without_asking(request)
            if not request.user.is_authenticated or "login" in self.asked.prompt:
                return redirect_to_login(_path_without_prompt(request))
            path = request.get_full_path()
            if (question := on_the_way(request.user, path)) != path:
                return redirect(question)
            if not may(request.user, Purpose.WALLETS):
                messages.error(request, why_not(request.user))
                return redirect("col_people:my_data")
            return super().dispatch(request, *args, **kwargs)
        except OAuthToolkitError as error:
            return self._tell(request, error)

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked
        context = asking.context(
            asked.application, asked.scopes, request.user, self._connection(request)
        )
        response = render(
            request,
            "wagtail_col/api/consent.html",
            {**context, "action": request.get_full_path()},
        )
        response.headers["Content-Security-Policy"] = _policy(asked.redirect_uri)
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = set(" ".join(request.POST.getlist("allowed")).split())
        allowed = [scope for scope in self.asked.scopes if scope in chosen]
        # What is ticked says nothing by itself: there has to be something it can do.
        if "allow" not in request.POST or not asking.is_something(allowed):
            allowed = []
        return self._answer(request, allowed)

    def _read(self, request: HttpRequest) -> Asked:
        """Raises FatalClientError, which is not told to the client, or OAuthToolkitError."""
        try:
            scopes, credentials = self.validate_authorization_request(request)
        except ValueError as error:
            # oauthlib's word for an address that cannot be read.
            fault = errors.InvalidRequestFatalError(description="The address cannot be read.")
            raise FatalClientError(error=fault) from error
        application = Application.objects.get(client_id=credentials["client_id"])
        prompt = frozenset(request.GET.get("prompt", "").split())
        asked = Asked(application, scopes, credentials, prompt)
        if not credentials.get("state"):
            raise _fault(asked, errors.InvalidRequestError(description="state is missing."))
        # oauthlib takes a missing method for "plain" (RFC 7636), which is not offered here.
        if credentials.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
            credentials.get("code_challenge") or ""
        ):
            description = "code_challenge_method has to be S256."
            raise _fault(asked, errors.InvalidRequestError(description=description))
        if not asking.is_something(scopes):
            raise _fault(asked, errors.InvalidScopeError(description="Nothing is asked for."))
        if "none" in prompt and len(prompt) > 1:
            raise _fault(asked, errors.InvalidRequestError(description="none stands alone."))
        return asked

    def _without_asking(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            raise _fault(self.asked, errors.InvalidRequestError(description="prompt is none."))
        if not request.user.is_authenticated:
            raise _fault(self.asked, errors.LoginRequired())
        if not may(request.user, Purpose.WALLETS) or not connecting.allows(
            self._connection(request), self.asked.scopes
        ):
            raise _fault(self.asked, errors.ConsentRequired())
        return self._answer(request, self.asked.scopes, decided=False)

    def _answer(
        self, request: HttpRequest, allowed: list[str], *, decided: bool = True
    ) -> HttpResponse:
        """Back to the wallet, with a code for what is allowed; without one when that is nothing.

        Unless the learner has ``decided`` it, what they allowed before stays as it is.
        """
        asked = self.asked
        with transaction.atomic():
            if allowed and decided:
                connecting.connect(request.user, asked.application, allowed)
            url, _headers, _body, _status = self.create_authorization_response(
                request, " ".join(allowed), asked.credentials, allow=bool(allowed)
            )
        # Open Badges 3.0, section 7.1.2.2, wants the scope beside code and state.
        return self._go(url, {"scope": " ".join(allowed)})

    def _tell(self, request: HttpRequest, error: OAuthToolkitError) -> HttpResponse:
        leads_back, answer = self.error_response(error)
        fault = answer["error"]
        if leads_back and fault.redirect_uri:
            return self._go(answer["url"], {})
        context = {"error": fault.error, "description": fault.description or ""}
        return render_page(request, "wagtail_col/api/refused.html", context, status=400)

    def _go(self, url: str, more: dict[str, str]) -> HttpResponse:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        # RFC 9207: the issuer as our metadata says it, whatever host the request named.
        query |= {**more, "iss": base_url()}
        url = parts._replace(query=urlencode(query)).geturl()
        return OAuth2ResponseRedirect(url, ["https", "http"])

    def _connection(self, request: HttpRequest) -> Connection | None:
        return connecting.find(request.user, self.asked.application)


def _fault(asked: Asked, error: errors.OAuth2Error) -> OAuthToolkitError:
    error.state = asked.credentials.get("state")
    return OAuthToolkitError(error=error, redirect_uri=asked.redirect_uri)


def _path_without_prompt(request: HttpRequest) -> str:
    """Where logging in leads back to; it was asked for once."""
    query = request.GET.copy()
    query.pop("prompt", None)
    return f"{request.path}?{query.urlencode()}"


def _policy(redirect_uri: str) -> str:
    """The content security policy of the page: our own, and the form may lead to the wallet.

    Browsers follow a form to where it is redirected; a site's own policy cannot know its learners'
    wallets. This page stands alone, without the site's template, so it needs nothing else.
    """
    own = ["'self'"]
    if static := _origin(django_settings.STATIC_URL or ""):
        own.append(static)
    directives = {
        "default-src": ["'none'"],
        "style-src": own,
        "img-src": own,
        "form-action": ["'self'", _origin(redirect_uri)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _origin(url: str) -> str:
    """Scheme, host and port of an address that registration has checked."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = parts.port in (None, _PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"
