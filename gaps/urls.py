from django.urls import path

from .views import acting, gap, register, source

app_name = "gaps"
urlpatterns = [
    path("", register.register, name="list"),
    path("export/", register.export, name="export"),
    path("sources/<uuid:connection>/", source.source, name="source"),
    path("sources/<uuid:connection>/ask/", source.ask, name="ask_source"),
    path("sources/<uuid:connection>/answer/", source.answer, name="answer_source"),
    path("<uuid:gap>/", gap.detail, name="detail"),
    path("<uuid:gap>/assign/", acting.assign, name="assign"),
    path("<uuid:gap>/due/", acting.due, name="due"),
    path("<uuid:gap>/start/", acting.start, name="start"),
    path("<uuid:gap>/override/", acting.override, name="override"),
]
