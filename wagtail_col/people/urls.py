from django.urls import path

from wagtail_col.people.views import ages, data

app_name = "col_people"

urlpatterns = [
    path("col/my-data/", data.my_data, name="my_data"),
    path("col/my-data/copy/", data.copy, name="copy"),
    path("col/my-data/delete/", data.erase, name="erase"),
    path("col/my-data/age/", ages.my_age, name="my_age"),
    path("col/my-data/guardian/", ages.ask_guardian, name="ask_guardian"),
    path("col/guardian/<str:secret>/", ages.guardian, name="guardian"),
]
