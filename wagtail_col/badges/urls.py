app_name = "col_badges"

urlpatterns = []
