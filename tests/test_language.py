from django.conf import settings
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.translation import gettext

from wagtail_col.language import in_chosen_language, lang_attribute


@in_chosen_language
def says(request):
    return HttpResponse(f"{translation.get_language()} {gettext('Free')}")


def asked(url):
    return says(RequestFactory().get(url))


def test_a_language_of_the_site_is_spoken_and_named():
    with translation.override("en"):
        assert asked("/?lang=sl").content.startswith(b"sl ")
        assert asked("/?lang=sl")["Content-Language"] == "sl"
        assert translation.get_language() == "en"


def test_other_languages_are_left_alone():
    with translation.override("en"):
        for url in ("/", "/?lang=xx", "/?lang=", "/?lang=../../etc", "/?lang=%00"):
            assert asked(url).content.startswith(b"en ")
            assert "Content-Language" not in asked(url)


def test_a_template_is_rendered_inside(tmp_path):
    template = tmp_path / "language.html"
    template.write_text("{% load i18n %}{% get_current_language as now %}{{ now }}")
    engine = {**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}

    @in_chosen_language
    def later(request):
        return SimpleTemplateResponse("language.html")

    with override_settings(TEMPLATES=[engine]), translation.override("en"):
        assert later(RequestFactory().get("/?lang=es")).content == b"es"


def test_lang_is_said_where_it_differs():
    with translation.override("en-gb"):
        assert lang_attribute("en-gb") == lang_attribute("en") == ""
        assert lang_attribute("sl") == "sl"
