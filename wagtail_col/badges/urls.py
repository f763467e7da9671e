from django.urls import path

from wagtail_col.badges.views import (
    about,
    badge,
    certificate,
    documents,
    endorsements,
    files,
    images,
    issuers,
    own_endorsements,
    shared,
    shares,
    skills,
    verify,
)

app_name = "col_badges"

urlpatterns = [
    # did:web wants the site's own document here and nowhere else.
    path(".well-known/did.json", documents.site_did, name="site_did"),
    path("col/badges/issuer/", issuers.issuer, name="site_issuer"),
    path("col/badges/issuer/profile.json", documents.site_profile, name="site_profile"),
    path("col/badges/issuers/<slug:slug>/", issuers.issuer, name="issuer"),
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
    path("col/badges/pictures/<uuid:key>/", images.picture, name="picture"),
    path("col/badges/skills/<int:pk>/", skills.skill, name="skill"),
    path("col/badges/status/<uuid:key>.json", documents.status_list, name="status_list"),
    path("col/badges/verify/", verify.any_badge, name="verify"),
    path("col/badges/shares/", shares.shares, name="shares"),
    path("col/badges/shares/new/", shares.share_collection, name="share_collection"),
    path("col/badges/shares/<uuid:key>/", shares.manage_share, name="manage_share"),
    path("col/badges/shares/<uuid:key>/stop/", shares.stop_share, name="stop_share"),
    path("col/badges/shared/<uuid:key>/", shared.shared, name="shared"),
    path("col/badges/shared/<uuid:key>/<uuid:badge>/", shared.shared_badge, name="shared_badge"),
    path("col/badges/endorse/<str:secret>/", endorsements.endorse, name="endorse"),
    path(
        "col/badges/endorsements/<uuid:key>.json",
        endorsements.endorsement,
        name="endorsement",
    ),
    path(
        "col/badges/endorsements/<uuid:key>/hide/",
        own_endorsements.hide_endorsement,
        name="hide_endorsement",
    ),
    path(
        "col/badges/endorsements/<uuid:key>/show/",
        own_endorsements.show_endorsement,
        name="show_endorsement",
    ),
    path("col/badges/<uuid:key>/", badge.badge, name="badge"),
    path(
        "col/badges/<uuid:key>/endorsements/",
        own_endorsements.award_endorsements,
        name="award_endorsements",
    ),
    path("col/badges/<uuid:key>/certificate/", certificate.certificate, name="certificate"),
    path("col/badges/<uuid:key>/share/", shares.share_badge, name="share_badge"),
    path("col/badges/<uuid:key>/verify/", verify.this_badge, name="verify_badge"),
    path("col/badges/<uuid:key>/credential.json", files.credential, name="credential"),
    path("col/badges/<uuid:key>/credential.jwt", files.credential_jwt, name="credential_jwt"),
    path("col/badges/<uuid:key>/badge.png", files.badge_png, name="badge_png"),
    path("col/badges/<uuid:key>/badge.svg", files.badge_svg, name="badge_svg"),
    path(
        "col/badges/imported/<uuid:key>/picture",
        files.imported_picture,
        name="imported_picture",
    ),
]
