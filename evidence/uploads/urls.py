"""`/o/<organisation>/evidence/uploads/…`"""

from django.urls import path

from . import views

app_name = "uploads"
urlpatterns = [
    path("requirements/<uuid:requirement>/uploads/", views.begin, name="begin"),
    path("requirements/<uuid:requirement>/held/", views.held, name="held"),
    path("uploads/<uuid:upload>/", views.state, name="state"),
    path("uploads/<uuid:upload>/parts/<int:number>/", views.part, name="part"),
    path("uploads/<uuid:upload>/complete/", views.complete, name="complete"),
    path("uploads/<uuid:upload>/drop/", views.drop, name="drop"),
]
