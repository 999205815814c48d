from django.urls import path

from .views import acting, gap, register

app_name = "gaps"
urlpatterns = [
    path("", register.register, name="list"),
    path("export/", register.export, name="export"),
    path("<uuid:gap>/", gap.detail, name="detail"),
    path("<uuid:gap>/assign/", acting.assign, name="assign"),
    path("<uuid:gap>/due/", acting.due, name="due"),
    path("<uuid:gap>/start/", acting.start, name="start"),
    path("<uuid:gap>/override/", acting.override, name="override"),
]
