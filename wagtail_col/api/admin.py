"""Connected systems in Django's own admin: to look at and to remove, nothing to type."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin


class ApplicationAdmin(ModelAdmin):
    """Named in ``OAUTH2_PROVIDER``; django-oauth-toolkit's own form would let secrets be typed."""

    list_display = ("name", "client_uri", "issuer", "created", "last_used_at", "stopped_at")
    list_filter = ("authorization_grant_type", "registration_source")
    search_fields = ("name", "client_id", "client_uri")
    list_select_related = ("issuer",)
    exclude = ("client_secret", "user", "algorithm", "post_logout_redirect_uris")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False
