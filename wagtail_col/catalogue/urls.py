from django.http import Http404
from django.urls import path


def listing(request, key):
    raise Http404


app_name = "col_catalogue"

urlpatterns = [path("col/opportunities/<uuid:key>/", listing, name="listing")]
