"""Everything of ours that Wagtail's admin shows, tied to its hooks."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.models import register_snippet
from wagtail.utils.urlpatterns import decorate_urlpatterns

from wagtail_col.pages.admin import (
    badge_views,
    badges,
    buttons,
    codes,
    courses,
    endorsements,
    issuers,
    learners,
    media,
    narrowing,
    places,
    rules,
    teams,
)
from wagtail_col.pages.admin.awards import AwardsViewSet
from wagtail_col.pages.admin.badge_codes import BadgeCodesViewSet
from wagtail_col.pages.admin.chooser import listing_chooser
from wagtail_col.pages.admin.groups_menu import GroupsViewSet
from wagtail_col.pages.admin.imports import ImportsViewSet
from wagtail_col.pages.admin.queue import QueueViewSet
from wagtail_col.pages.admin.reviews import ReviewsViewSet
from wagtail_col.pages.admin.skills import skill_chooser
from wagtail_col.pages.admin.waivers import WaiversViewSet


def _lists() -> tuple:
    if not apps.is_installed("wagtail_col.pages.standard"):
        return ()
    from wagtail_col.pages.admin.listings import LISTS

    return LISTS


def _online_courses() -> tuple:
    if not apps.is_installed("wagtail_col.lti"):
        return ()
    from wagtail_col.pages.admin.tools import CourseProvidersViewSet

    return (CourseProvidersViewSet,)


def _systems() -> tuple:
    if not apps.is_installed("wagtail_col.api"):
        return ()
    from wagtail_col.pages.admin.systems import SystemsViewSet

    return (SystemsViewSet,)


class LearningGroup(ViewSetGroup):
    """The menu "Learning"."""

    menu_label = _("Learning")
    menu_icon = "col-line"
    menu_name = "learning"
    menu_order = 150
    items = (
        *_lists(),
        ImportsViewSet,
        *_online_courses(),
        *badges.SNIPPETS,
        AwardsViewSet,
        BadgeCodesViewSet,
        QueueViewSet,
        GroupsViewSet,
        issuers.IssuersViewSet,
        *_systems(),
    )


badges.register_policies()
issuers.register_policy()
register_snippet(LearningGroup)


@hooks.register("register_admin_viewset")
def register_viewsets():
    """Those without a place in the menu."""
    return [listing_chooser, skill_chooser, ReviewsViewSet(), WaiversViewSet()]


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("learning/draw-badge/", badge_views.draw, name="col_admin_draw_badge"),
        path("learning/rule/<int:page_id>/", rules.of_page, name="col_admin_rule"),
        path(
            "learning/rule/new/<int:parent_id>/<slug:app>/<slug:model>/",
            rules.of_new,
            name="col_admin_new_rule",
        ),
        path("learning/places/", places.places, name="col_admin_places"),
        path("learning/boundaries/", places.boundaries, name="col_admin_boundaries"),
        path("learning/codes/<int:page_id>/", codes.CodesView.as_view(), name="col_admin_codes"),
        path(
            "learning/codes/<int:page_id>/<uuid:key>/",
            codes.ShowCodeView.as_view(),
            name="col_admin_code",
        ),
        path(
            "learning/codes/<int:page_id>/<uuid:key>/withdraw/",
            codes.WithdrawCodeView.as_view(),
            name="col_admin_withdraw_code",
        ),
        path(
            "learning/courses/<int:page_id>/",
            courses.CoursesView.as_view(),
            name="col_admin_courses",
        ),
        path(
            "learning/courses/<int:page_id>/pick/<uuid:tool>/",
            courses.PickView.as_view(),
            name="col_admin_pick",
        ),
        path(
            "learning/courses/<int:page_id>/picked/<uuid:key>/",
            courses.PickedView.as_view(),
            name="col_admin_picked",
        ),
        path(
            "learning/courses/<int:page_id>/try/<uuid:course>/",
            courses.TryCourseView.as_view(),
            name="col_admin_try_course",
        ),
        path(
            "learning/endorsements/badge/<uuid:key>/",
            endorsements.BadgeEndorsementsView.as_view(),
            name="col_admin_badge_endorsements",
        ),
        path(
            "learning/endorsements/issuer/<int:pk>/",
            endorsements.IssuerEndorsementsView.as_view(),
            name="col_admin_issuer_endorsements",
        ),
        path(
            "learning/learners/<int:page_id>/",
            learners.LearnersView.as_view(),
            name="col_admin_learners",
        ),
        path(
            "learning/learners/<int:page_id>/csv/",
            learners.ExportView.as_view(),
            name="col_admin_learners_csv",
        ),
        path("learning/team/<int:page_id>/", teams.TeamView.as_view(), name="col_admin_team"),
    ]


@hooks.register("register_admin_urls", order=1000)
def guard_urls():
    """Asked last for more addresses, while Wagtail puts its list together: guard that list."""
    decorate_urlpatterns(import_module("wagtail.admin.urls").urlpatterns, narrowing.guard)
    return []


@hooks.register("register_permissions")
def mentors():
    """A group of mentors can be made in the admin: it has this, and nothing to edit."""
    return Permission.objects.filter(
        content_type__app_label="col_learning", codename="mentor_learners"
    )


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, *(f"wagtail_col/icons/{name}.svg" for name in ("line", "badge", "code"))]


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None):
    yield from buttons.buttons_for(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None):
    yield from buttons.buttons_for(page, user)


@hooks.register("register_snippet_listing_buttons")
def badge_buttons(snippet, user, next_url=None):
    yield from buttons.buttons_for_badge(snippet, user)


@hooks.register("construct_page_chooser_queryset")
def narrow_chooser(pages, request):
    return narrowing.choosable(pages, request)


@hooks.register("construct_explorer_page_queryset")
def narrow_explorer(parent_page, pages, request):
    return narrowing.explorable(parent_page, pages, request)


@hooks.register("construct_reports_menu")
def narrow_reports(request, menu_items):
    if not narrowing.sees_all(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "page-types-usage"]


@hooks.register("construct_admin_api", order=1)
def narrow_api(router):
    media.narrow(router)
