from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "compliance.registers"
    label = "registers"
