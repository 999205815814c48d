from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "evidence.assurance"
    label = "assurance"
