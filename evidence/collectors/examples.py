"""What to paste to push facts of a kind: a line for curl, a few for Python, with the source's own name in them. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .base import FactKind

#: How long a line of an example may be, so that it is seen whole where it is pasted from.
_WIDE = 96

_CURL = """curl -sS --fail-with-body {root}facts/ \\
  -H "Authorization: Bearer $FIELDWORK_TOKEN" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: {kind}-$(date -u +%Y-%m-%d)" \\
  -d @- <<EOF
{{"source": "{source}", "kind": "{kind}", "as_of": "$(date -u +%Y-%m-%dT%H:%M:%SZ)", "complete": true,
 "rows": [{row}]}}
EOF"""

_PYTHON = '''import datetime, json, os, urllib.request

rows = [
    {row},
]
push = {{
    "source": "{source}", "kind": "{kind}", "complete": True, "rows": rows,
    "as_of": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
}}
request = urllib.request.Request("{root}facts/", json.dumps(push).encode(), {{
    "Authorization": f"Bearer {{os.environ['FIELDWORK_TOKEN']}}", "Content-Type": "application/json",
}})
with urllib.request.urlopen(request) as answer:
    print(json.load(answer)["evidence"])'''

_LINES = """curl -sS --fail-with-body -T rows.ndjson -X POST \\
  "{root}facts/?source={source}&kind={kind}&complete=true&as_of=$(date -u +%Y-%m-%dT%H:%M:%SZ)" \\
  -H "Authorization: Bearer $FIELDWORK_TOKEN" -H "Content-Type: application/x-ndjson\""""

_PROWLER = """prowler aws --compliance soc2_aws -M json-ocsf -o . -F scan
curl -sS --fail-with-body -T scan.ocsf.json -X POST \\
  "{root}facts/?source={source}&format=ocsf&complete=true" \\
  -H "Authorization: Bearer $FIELDWORK_TOKEN" -H "Content-Type: application/json\""""


def examples_of(kind: FactKind, source: str, root: str) -> list[tuple[str, str]]:
    """Title and text of each; `root` is the address of the API, with its slash."""
    assert kind.shape is not None
    words = {"kind": kind.id, "source": source, "root": root}
    found = [
        ("With curl", _CURL.format(row=_in_lines(kind.shape.example, json.dumps, 10), **words)),
        ("With Python", _PYTHON.format(row=_in_lines(kind.shape.example, repr, 5), **words)),
        ("A long list, a row on each line", _LINES.format(**words)),
    ]
    return [*found, ("What Prowler wrote", _PROWLER.format(**words))] if kind.id == "push.findings" else found


def _in_lines(row: Mapping[str, Any], written: Callable[[Any], str], indent: int) -> str:
    """A row as JSON or Python writes it, broken between fields; what follows the first line stands `indent` in."""
    lines = [""]
    for name, value in row.items():
        part = f"{written(name)}: {written(value)}, "
        if lines[-1] and len(lines[-1]) + len(part) + indent > _WIDE:
            lines.append("")
        lines[-1] += part
    return "{" + f"\n{' ' * indent}".join(line.rstrip() for line in lines).removesuffix(",") + "}"
