from django.urls import path

from wagtail_col.learning import coursework
from wagtail_col.learning.views import (
    claims,
    dates,
    devices,
    evidence,
    groups,
    instead,
    lines,
    mine,
    own_learning,
    paper,
    passport,
    progress,
    reviews,
)

app_name = "col_learning"

urlpatterns = [
    path("col/mine/", mine.mine, name="mine"),
    path("col/passport/", passport.passport, name="passport"),
    path("col/passport/record/", passport.record, name="passport_record"),
    path("col/passport/badges.json", passport.everything, name="passport_file"),
    path("col/dates/", dates.dates, name="dates"),
    path("col/dates/subscription/", dates.subscription, name="subscription"),
    path("col/dates/reminders/", dates.reminding, name="reminding"),
    path("col/dates/<str:token>.ics", dates.own_calendar, name="own_calendar"),
    path("col/reminders/<str:token>/stop/", dates.stop_reminders, name="stop_reminders"),
    path("col/own-learning/", own_learning.add_own, name="add_own"),
    path("col/own-learning/<uuid:key>/", own_learning.change_own, name="change_own"),
    path("col/notes/", own_learning.notes, name="notes"),
    path("col/steps/<uuid:key>/note/", own_learning.reflect, name="reflect"),
    path("col/lines/<uuid:key>/join/", lines.join, name="join"),
    path("col/lines/<uuid:key>/start/", devices.start, name="start"),
    path("col/device/", devices.device, name="device"),
    path("col/device/code/", devices.carry, name="carry"),
    path("col/device/take/", devices.take, name="take"),
    path("col/device/forget/", devices.forget, name="forget"),
    path("col/lines/<uuid:key>/pause/", lines.pause, name="pause"),
    path("col/lines/<uuid:key>/name/", lines.name, name="line_name"),
    path("col/lines/<uuid:key>/leave/", lines.leave, name="leave"),
    path("col/lines/<uuid:key>/badge/", lines.settle, name="settle"),
    path("col/lines/<uuid:key>/progress/", progress.progress, name="progress"),
    path("col/steps/<uuid:key>/done/", lines.done, name="done"),
    path("col/lines/<uuid:key>/<slug:form>.pdf", paper.paper, name="paper"),
    path("col/steps/<uuid:key>/", paper.step, name="step"),
    path("col/steps/<uuid:key>/instead/", instead.instead, name="instead"),
    path("col/code/", claims.claim, name="claim"),
    path("col/code/<str:code>/", claims.claim_code, name="claim_code"),
    path("col/group/", groups.enter, name="enter_group"),
    path("col/group/<str:code>/", groups.group, name="group"),
    path("col/groups/<uuid:key>/leave/", groups.leave_group, name="leave_group"),
    path("col/evidence/", evidence.evidence, name="evidence"),
    path("col/evidence/for/<uuid:key>/", evidence.send_evidence, name="send_evidence"),
    path("col/evidence/<uuid:key>/take-back/", evidence.take_back, name="take_back_evidence"),
    path("col/evidence/files/<uuid:key>/", evidence.evidence_file, name="evidence_file"),
    path("col/reviews/", reviews.reviews, name="reviews"),
    path("col/reviews/<uuid:key>/", reviews.review, name="review"),
]

if coursework.are_there():
    from wagtail_col.learning.views import course_providers, courses

    urlpatterns += [
        path("col/steps/<uuid:key>/course/", courses.open_course, name="open_course"),
        path("col/steps/<uuid:key>/course/review/", courses.review_course, name="review_course"),
        path(
            "col/opportunities/<uuid:key>/course/",
            courses.open_listing_course,
            name="open_listing_course",
        ),
        path(
            "col/course-providers/<uuid:key>/",
            course_providers.course_provider,
            name="course_provider",
        ),
    ]
