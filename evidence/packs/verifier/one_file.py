"""Puts the modules of the verifier together into the one file that goes into a pack."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
#: In the order of their imports; the last one's docstring is that of the whole.
MODULES = ("reading", "files", "trees", "signatures", "bag", "log", "days", "items", "about", "main")
_HEAD = '''#!/usr/bin/env python3
"""{docstring}"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.path[:1] = []  # what lies beside this file may be part of a pack: nothing is imported from there

{imports}
'''
_TAIL = '\nif __name__ == "__main__":\n    sys.exit(main(sys.argv[1:]))\n'


@cache
def verify_py() -> str:
    """The source of `verify.py`: every module once, without what they import of each other."""
    imports: dict[str, set[str]] = {}
    bodies = [_body(name, imports) for name in MODULES]
    docstring = ast.get_docstring(ast.parse(_source("main")), clean=False) or ""
    head = _HEAD.format(docstring=docstring, imports="\n".join(sorted(_imported(imports))))
    return head + "".join(bodies) + _TAIL


def _imported(imports: dict[str, set[str]]) -> list[str]:
    """Lines of import; `sys` stands above them already."""
    wanted = {module: names for module, names in imports.items() if module not in {"sys", "__future__"}}
    return [
        f"from {module} import {', '.join(sorted(names))}" if names else f"import {module}"
        for module, names in wanted.items()
    ]


def _source(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text()


def _body(name: str, imports: dict[str, set[str]]) -> str:
    """A module from its first line after docstring and imports, under a heading; its imports are added to the others."""
    source = _source(name)
    lines, first = source.splitlines(), 0
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import):
            imports.update({each.name: set() for each in statement.names})
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            imports.setdefault(statement.module or "", set()).update(each.name for each in statement.names)
        elif not isinstance(statement, ast.ImportFrom) and not _is_docstring(statement):
            break
        first = statement.end_lineno or 0
    return f"\n\n# --- {name} {'-' * (74 - len(name))}\n\n" + "\n".join(lines[first:]).strip("\n") + "\n"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
