from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "audits.readiness"
    label = "readiness"
