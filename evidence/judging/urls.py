from django.urls import path

from .views import checks, exceptions

app_name = "checks"
urlpatterns = [
    path("", checks.checks, name="list"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/ask/", exceptions.ask, name="ask_exception"),
    path("exceptions/<uuid:exception>/", exceptions.exception, name="exception"),
    path("exceptions/<uuid:exception>/answer/", exceptions.answer, name="answer_exception"),
    path("exceptions/<uuid:exception>/revoke/", exceptions.revoke, name="revoke_exception"),
    path("<str:check_id>/", checks.check, name="check"),
]
