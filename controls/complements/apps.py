from django.apps import AppConfig


class ComplementsConfig(AppConfig):
    name = "controls.complements"
    label = "complements"
