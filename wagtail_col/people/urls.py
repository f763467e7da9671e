from django.urls import path

from wagtail_col.people.views import data

app_name = "col_people"

urlpatterns = [
    path("col/my-data/", data.my_data, name="my_data"),
    path("col/my-data/copy/", data.copy, name="copy"),
    path("col/my-data/delete/", data.erase, name="erase"),
]
