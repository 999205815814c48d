"""`python -m config.management demo|serve|test|check|bench …`, called by `./run`."""

from __future__ import annotations

import sys

from config.embedded.locations import EmbeddedError
from config.management import bench, demo, quality, serve, suite

COMMANDS = {"demo": demo.main, "serve": serve.main, "test": suite.main, "check": quality.main, "bench": bench.main}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"Say which: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
