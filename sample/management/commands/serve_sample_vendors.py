"""The sample vendors, as they stand at the end of the story, until stopped."""

from __future__ import annotations

import json
import threading
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve the sample company's AWS, GitHub and Okta on loopback. The first line says where they listen, as JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from sample.vendors import finished

        vendors = finished()
        self.stdout.write(json.dumps(vendors.endpoints))
        self.stdout.flush()
        threading.Event().wait()
