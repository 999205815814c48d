from django.urls import path

from .views import check_lists, warnings

app_name = "scoping"
urlpatterns = [
    path("warnings/", warnings.warnings, name="warnings"),
    path("warnings/of/<uuid:system>/", warnings.of_system, name="of_system"),
    path("warnings/<uuid:scope_warning>/", warnings.warning, name="warning"),
    path("warnings/<uuid:scope_warning>/decide/", warnings.decide, name="decide"),
    path("warnings/<uuid:scope_warning>/withdraw/", warnings.withdraw, name="withdraw"),
    path("check-lists/<uuid:check_list>/", check_lists.check_list, name="check_list"),
    path("check-lists/<uuid:check_list>/<slug:point>/", check_lists.answer, name="answer"),
]
