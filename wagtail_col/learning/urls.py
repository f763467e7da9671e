app_name = "col_learning"

urlpatterns = []
