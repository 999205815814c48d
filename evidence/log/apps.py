from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "evidence.log"
    label = "evidence_log"
