from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "evidence.judging"
    label = "judging"
