from django.urls import path

from wagtail_col.catalogue import embed_views, export_views, map_views, views
from wagtail_col.catalogue.alerts import views as alert_views
from wagtail_col.catalogue.api import ListingsView
from wagtail_col.catalogue.conditional import same_for_everyone
from wagtail_col.language import in_chosen_language

app_name = "col_catalogue"

urlpatterns = [
    path(
        "col/opportunities.json",
        in_chosen_language(same_for_everyone(ListingsView.as_view())),
        name="opportunities",
    ),
    path("col/opportunities.csv", export_views.listings_csv, name="opportunities_csv"),
    path("col/opportunities.geojson", export_views.listings_geojson, name="opportunities_geojson"),
    path("col/opportunities.ics", export_views.listings_icalendar, name="opportunities_icalendar"),
    path("col/opportunities/<uuid:key>/", views.listing, name="listing"),
    path("col/opportunities/<uuid:key>/calendar.ics", views.listing_calendar, name="calendar"),
    path("col/find.html", map_views.found, name="found"),
    path("col/openapi.json", export_views.openapi, name="openapi"),
    path("col/map.json", map_views.found_on_map, name="map"),
    path("col/map/boundaries.json", map_views.boundaries, name="boundaries"),
    path("col/map/card/<uuid:key>/", map_views.card, name="card"),
    path("col/embed/", embed_views.embed, name="embed"),
    path("col/embed/line/", embed_views.embed_line, name="embed_line"),
    path("col/alerts/", alert_views.alerts, name="alerts"),
    path("col/alerts/new/", alert_views.new_alert, name="new_alert"),
    path("col/alerts/<uuid:key>/stop/", alert_views.stop_alert, name="stop_alert"),
    path("col/alerts/stop/<str:token>/", alert_views.stop_alerts, name="stop_alerts"),
]
