from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "compliance.trail"
    label = "trail"
