from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "compliance.frameworks"
    label = "frameworks"
