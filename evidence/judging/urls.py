from django.urls import path

from .views import checks, exceptions, own, past

app_name = "checks"
urlpatterns = [
    path("", checks.checks, name="list"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/ask/", exceptions.ask, name="ask_exception"),
    path("exceptions/<uuid:exception>/", exceptions.exception, name="exception"),
    path("exceptions/<uuid:exception>/answer/", exceptions.answer, name="answer_exception"),
    path("exceptions/<uuid:exception>/revoke/", exceptions.revoke, name="revoke_exception"),
    path("own/", own.own, name="own"),
    path("own/write/", own.write, name="write_own"),
    path("own/try/", own.attempt, name="try_own"),
    path("own/<uuid:own_check>/change/", own.change, name="change_own"),
    path("own/<uuid:own_check>/switch/", own.switch, name="switch_own"),
    path("<str:check_id>/", checks.check, name="check"),
    path("<str:check_id>/day/", past.on_day, name="on_day"),
    path("<str:check_id>/past/", past.judge_past, name="judge_past"),
    path("<str:check_id>/facts/", past.facts, name="facts"),
    path("<str:check_id>/thresholds/", past.hold_to, name="hold_to"),
]
