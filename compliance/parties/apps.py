from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "compliance.parties"
    label = "parties"
