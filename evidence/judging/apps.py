from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "evidence.judging"
    label = "judging"

    def ready(self) -> None:
        """Listen to the floor; let checks of one's own be found; give people the exceptions that wait for them."""
        from compliance.desk import registry
        from evidence.checks import catalogue

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .own import own_checks

        catalogue.add_source(own_checks)
        registry.register("judging", work_for)
        registry.register_digest("judging", news_for)
