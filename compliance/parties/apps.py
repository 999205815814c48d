from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "compliance.parties"
    label = "parties"

    def ready(self) -> None:
        from compliance.desk.registry import register, register_digest

        from .desk import news_for, work_for

        register("parties", work_for)
        register_digest("parties", news_for)
