from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "compliance.people"
    label = "people"
