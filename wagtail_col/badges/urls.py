from django.urls import path

from wagtail_col.badges.views import about, badge, documents, images, verify

app_name = "col_badges"

urlpatterns = [
    # did:web wants the site's own document here and nowhere else.
    path(".well-known/did.json", documents.site_did, name="site_did"),
    path("col/badges/issuer/", about.issuer, name="site_issuer"),
    path("col/badges/issuer/profile.json", documents.site_profile, name="site_profile"),
    path("col/badges/issuers/<slug:slug>/", about.issuer, name="issuer"),
    path("col/badges/issuers/<slug:slug>/did.json", documents.issuer_did, name="issuer_did"),
    path(
        "col/badges/issuers/<slug:slug>/profile.json",
        documents.issuer_profile,
        name="issuer_profile",
    ),
    path("col/badges/achievements/<uuid:key>/", about.achievement, name="achievement"),
    path(
        "col/badges/achievements/<uuid:key>/achievement.json",
        documents.achievement,
        name="achievement_json",
    ),
    path(
        "col/badges/achievements/<uuid:key>/badge.svg",
        images.achievement_svg,
        name="achievement_svg",
    ),
    path(
        "col/badges/achievements/<uuid:key>/badge.png",
        images.achievement_png,
        name="achievement_png",
    ),
    path("col/badges/status/<uuid:key>.json", documents.status_list, name="status_list"),
    path("col/badges/verify/", verify.any_badge, name="verify"),
    path("col/badges/<uuid:key>/", badge.badge, name="badge"),
    path("col/badges/<uuid:key>/name/", badge.choose_name, name="choose_name"),
    path("col/badges/<uuid:key>/verify/", verify.this_badge, name="verify_badge"),
    path("col/badges/<uuid:key>/credential.json", documents.credential, name="credential"),
    path("col/badges/<uuid:key>/badge.png", images.badge_png, name="badge_png"),
    path("col/badges/<uuid:key>/badge.svg", images.badge_svg, name="badge_svg"),
]
