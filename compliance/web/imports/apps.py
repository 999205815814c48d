from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "compliance.web.imports"
    label = "imports"
