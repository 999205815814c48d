#!/usr/bin/env python
"""Django's commands. Started by `./run manage …`, with the embedded services up where no DATABASE_URL is given."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack

#: Commands that look at nothing but the code.
_WITHOUT_SERVICES = {"help", "version", "--help", "-h", "--version"}
#: Commands that need the tables' owner; all others run as the role that serves.
_AS_OWNER = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "delete_organization"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # A command makes much that it keeps: looking through all of it for garbage as often as Python does took a seventh of
    # the sample company's time and a third of migrate's.
    gc.set_threshold(10_000, 10, 50)
    with ExitStack() as stack:
        # `./run` asks for embedded services; a server whose DATABASE_URL was forgotten must fail instead.
        if os.environ.get("FIELDWORK_EMBEDDED") == "1" and command not in _WITHOUT_SERVICES:
            _enter_services(stack)
        if command in _AS_OWNER and os.environ.get("DATABASE_OWNER_URL"):
            os.environ.setdefault("FIELDWORK_DATABASE_ROLE", "owner")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


def _enter_services(stack: ExitStack) -> None:
    from config.embedded.locations import EmbeddedError
    from config.embedded.services import given, services

    if given():
        return
    try:
        filled = stack.enter_context(services())
    except EmbeddedError as error:
        sys.exit(str(error))
    if "DATABASE_URL" in filled:  # our own machine, our own database
        os.environ.setdefault("DEBUG", "1")


if __name__ == "__main__":
    main()
