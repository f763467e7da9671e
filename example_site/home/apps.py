from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The municipality's own pages, as any Wagtail site has them."""

    name = "example_site.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
