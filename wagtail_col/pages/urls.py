app_name = "col_pages"

urlpatterns = []
