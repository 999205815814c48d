from django.apps import AppConfig


class CollectorsConfig(AppConfig):
    name = "evidence.collectors"
    label = "collectors"
