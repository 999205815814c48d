from django.apps import AppConfig


class AttestingConfig(AppConfig):
    name = "evidence.attesting"
    label = "attesting"

    def ready(self) -> None:
        """Offer evidence to attestations."""
        from controls.reviews.backing import register

        from .services import EvidenceBacking

        register(EvidenceBacking())
