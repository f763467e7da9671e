from django.urls import path

from wagtail_col.lti.views import (
    auth,
    configuration,
    deep_links,
    jwks,
    line_items,
    members,
    register,
    results,
    returning,
    scores,
    token,
)

app_name = "col_lti"

urlpatterns = [
    path("col/lti/auth", auth.auth, name="auth"),
    path("col/lti/return/<str:token>", returning.come_back, name="return"),
    path("col/lti/deep-links", deep_links.deep_links, name="deep_links"),
    path("col/lti/deep-links/<uuid:key>", deep_links.picked, name="picked"),
    path("col/lti/token", token.token, name="token"),
    path("col/lti/contexts/<uuid:key>/lineitems", line_items.line_items, name="line_items"),
    path("col/lti/contexts/<uuid:key>/members", members.members, name="members"),
    path("col/lti/lineitems/<uuid:key>", line_items.line_item, name="line_item"),
    path("col/lti/lineitems/<uuid:key>/scores", scores.scores, name="scores"),
    path("col/lti/lineitems/<uuid:key>/results", results.results, name="results"),
    path("col/lti/jwks", jwks.jwks, name="jwks"),
    path(
        "col/lti/openid-configuration",
        configuration.openid_configuration,
        name="openid_configuration",
    ),
    path("col/lti/register", register.register, name="register"),
]
