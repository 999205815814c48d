from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "evidence.uploads"
    label = "evidence_uploads"
