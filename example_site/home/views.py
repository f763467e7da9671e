from typing import Any

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info
from django.views.generic import TemplateView


class LanguageView(TemplateView):
    """Choose the language of pages whose address does not say it.

    A page of its own, because the form sets a cookie: no other page has to.
    """

    template_name = "language.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            wanted, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return super().get_context_data(
            languages=[get_language_info(code) for code, _ in settings.LANGUAGES],
            next=wanted if safe else "/",
            **kwargs,
        )
