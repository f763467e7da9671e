app_name = "col_people"

urlpatterns: list = []
