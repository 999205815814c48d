from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    name = "controls.saved_views"
    label = "saved_views"
