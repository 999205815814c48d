from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "compliance.commitments"
    label = "commitments"
