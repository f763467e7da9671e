from django.urls import path

from wagtail_col.learning.views import claims, lines, mine

app_name = "col_learning"

urlpatterns = [
    path("col/mine/", mine.mine, name="mine"),
    path("col/lines/<uuid:key>/join/", lines.join, name="join"),
    path("col/lines/<uuid:key>/badge/", lines.settle, name="settle"),
    path("col/steps/<uuid:key>/done/", lines.done, name="done"),
    path("col/code/", claims.claim, name="claim"),
    path("col/code/<str:code>/", claims.claim_code, name="claim_code"),
]
