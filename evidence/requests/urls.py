"""`/o/<organisation>/evidence-requests/…`"""

from django.urls import path

from .views import answering, asks

app_name = "evidence_requests"
urlpatterns = [
    path("", asks.asks, name="list"),
    path("new/", asks.new, name="new"),
    path("<uuid:ask>/", asks.ask, name="ask"),
    path("<uuid:ask>/answer/", answering.answer, name="answer"),
    path("<uuid:ask>/judge/", asks.judge, name="judge"),
    path("<uuid:ask>/send/", asks.send, name="send"),
    path("<uuid:ask>/withdraw/", asks.withdraw, name="withdraw"),
]
