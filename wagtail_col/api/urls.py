from django.urls import path

from wagtail_col.api.views import (
    connected,
    consent,
    hosted,
    issuing,
    metadata,
    ob2,
    ob3,
    registration,
    specification,
    tokens,
)

app_name = "col_api"

urlpatterns = [
    # OAuth 2.0
    path(
        ".well-known/oauth-authorization-server",
        metadata.authorization_server,
        name="authorization_server",
    ),
    path("col/oauth/authorize", consent.ConsentView.as_view(), name="authorize"),
    path("col/oauth/token", tokens.TokenView.as_view(), name="token"),
    path("col/oauth/revoke", tokens.RevokeView.as_view(), name="revoke"),
    path("col/oauth/register", registration.register, name="register"),
    path("col/connected/", connected.connected, name="connected"),
    path("col/connected/<uuid:key>/stop/", connected.stop, name="stop"),
    # Open Badges 3.0 wants its addresses like this, and so does 2.1.
    path("ims/ob/v3p0/discovery", ob3.discovery, name="discovery"),
    path("ims/ob/v3p0/credentials", ob3.CredentialsView.as_view(), name="credentials"),
    path("ims/ob/v3p0/profile", ob3.ProfileView.as_view(), name="profile"),
    path(".well-known/badgeconnect.json", metadata.badge_connect, name="badge_connect"),
    path("ims/ob/v2p1/assertions", ob2.AssertionsView.as_view(), name="v2_assertions"),
    path("ims/ob/v2p1/profile", ob2.ProfileView.as_view(), name="v2_profile"),
    # Open Badges 2.0, hosted
    path("col/badges/<uuid:key>/assertion.json", hosted.assertion, name="hosted_assertion"),
    path(
        "col/badges/achievements/<uuid:key>/badgeclass.json",
        hosted.badge_class,
        name="hosted_badge_class",
    ),
    path("col/badges/issuer/issuer.json", hosted.site_issuer, name="hosted_site_issuer"),
    path("col/badges/issuers/<slug:slug>/issuer.json", hosted.issuer, name="hosted_issuer"),
    # Systems of providers
    path("col/api/openapi.json", specification.openapi, name="openapi"),
    path("col/api/v1/achievements", issuing.AchievementsView.as_view(), name="achievements"),
    path("col/api/v1/awards", issuing.AwardsView.as_view(), name="awards"),
    path("col/api/v1/awards/<str:key>", issuing.AwardView.as_view(), name="award"),
    path(
        "col/api/v1/awards/<str:key>/revocation",
        issuing.RevocationView.as_view(),
        name="revocation",
    ),
]
