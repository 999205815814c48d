"""The process in which expressions are evaluated. Run as a file: it imports nothing of the product and reaches nothing.

It reads one request from its standard input and writes one JSON line for each answer, so that what was reached before it
was ended still counts. Memory, processor time and steps are limited; whoever started it ends it when the time is over.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
from typing import Any

#: What an expression may call besides operators and the macros of lists. Nothing of the host is among it.
FUNCTIONS = frozenset({
    "size", "contains", "startsWith", "endsWith", "matches", "string", "int", "uint", "double", "bool", "type", "timestamp",
    "duration", "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours",
    "getMinutes", "getSeconds", "getMilliseconds",
})  # fmt: skip
MACROS = frozenset({"has", "all", "exists", "exists_one", "map", "filter"})
NODES = 400
_NOT_THERE = re.compile(r"undeclared reference to '([^']*)'")
_NO_MEMBER = re.compile(r"no such member in mapping: '([^']*)'")


class TooExpensive(Exception):
    """The steps, the time or the memory of one evaluation are used up."""


def main() -> None:
    asked = json.load(sys.stdin)
    megabytes = asked["megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes, megabytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    import celpy  # noqa: F401 - what takes long to load is not the expressions' fault

    _say({"began": True})
    programs, fault = {}, None
    for name, text in asked["expressions"].items():
        program, fault = _compiled(text)
        if fault is not None:
            _say({"fault": fault | {"expression": name}})
            return
        programs[name] = program
    _say({"ready": True})
    for number, row in enumerate(asked["rows"]):
        _say({"row": number} | _judged(programs, asked["expressions"], row, asked["now"], asked["row_seconds"]))


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _compiled(text: str) -> tuple[Any, dict[str, Any] | None]:
    """A program, or what is wrong with its text and where."""
    import celpy

    environment = celpy.Environment(runner_class=celpy.InterpretedRunner)
    try:
        tree = environment.compile(text)
    except celpy.CELParseError as error:
        return None, {"said": "It cannot be read as CEL here.", "line": error.line, "column": error.column}
    except (RecursionError, MemoryError):
        return None, {"said": "It is nested too deeply.", "line": 1, "column": 1}
    except Exception as error:  # noqa: BLE001 - whatever the parser trips over is a fault of the text
        return None, {"said": f"It cannot be read as CEL: {type(error).__name__}.", "line": 1, "column": 1}
    fault = _beyond(tree)
    return (None, fault) if fault else (environment.program(tree), None)


def _beyond(tree: Any) -> dict[str, Any] | None:
    """What the tree has that an expression may not have."""
    waiting, nodes, macros = [(tree, 0)], 0, 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > NODES or depth > 200:
            return {"said": f"It is too long: {NODES} parts at most.", "line": 1, "column": 1}
        name = _called(node)
        if name is not None:
            macros += name in MACROS
            if name not in FUNCTIONS | MACROS:
                return {"said": f"There is no function called {str(name)[:60]}.", "line": name.line, "column": name.column}
            if macros > 12:
                return {"said": "It has more than 12 list macros.", "line": name.line, "column": name.column}
        waiting += [(child, depth + 1) for child in getattr(node, "children", ())]
    return None


def _called(node: Any) -> Any:
    """The name that a node calls as a function; None where it calls nothing."""
    kind = getattr(node, "data", "")
    if kind in {"ident_arg", "dot_ident_arg"}:
        return node.children[0]
    return node.children[1] if kind == "member_dot_arg" else None


def _judged(programs: Any, texts: dict[str, str], row: Any, now: str, seconds: float) -> dict[str, Any]:
    reason = _unknown_field(row, " ".join(texts.values()))
    if reason:
        return {"unknown": reason[0], "said": reason[1]}
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return _evaluated(programs, row, now)
    except (TooExpensive, MemoryError, RecursionError):
        return {"unknown": "too_expensive", "said": "It took too long or too much memory on this row."}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _too_long(*_: Any) -> None:
    raise TooExpensive


def _evaluated(programs: Any, row: Any, now: str) -> dict[str, Any]:
    import celpy
    from celpy import celtypes

    given = {"row": celpy.json_to_cel(row), "now": celtypes.TimestampType(now)}
    found: dict[str, Any] = {}
    for name in ("resource", "applies", "passes"):
        if name not in programs:
            continue
        try:
            value = programs[name].evaluate(given)
        except celpy.CELEvalError as error:
            return found | {"unknown": "malformed", "said": _worded(error), "expression": name}
        except (TooExpensive, MemoryError, RecursionError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the interpreter trips over says nothing of the row
            return found | {"unknown": "malformed", "said": f"{type(error).__name__} in the expression.", "expression": name}
        if name == "resource":
            found["resource"] = str(value)[:400]
        elif not isinstance(value, celtypes.BoolType):
            return found | {"unknown": "malformed", "said": "It gives neither true nor false.", "expression": name}
        else:
            found[name] = bool(value)
            if name == "applies" and not value:
                return found
    return found


def _worded(error: Any) -> str:
    told = str(error.args[0]) if error.args else ""
    if missing := _NO_MEMBER.search(told):
        return f"The row has no {missing[1]}."
    if missing := _NOT_THERE.search(told):
        return f"There is nothing called {missing[1]}: an expression knows row and now."
    if "no matching overload" in told:
        return "It compares or combines two kinds of value that do not go together."
    return f"It could not be worked out: {told[:120]}"


def _unknown_field(row: Any, text: str) -> tuple[str, str] | None:
    """A field that the row says could not be read, if the expressions name it, or take whole what it stands in: it is known
    to nobody, so neither is the row."""
    named, whole = set(re.findall(r"\w+", text)), _taken_whole(text)
    waiting: list[tuple[Any, str, bool]] = [(row, "row", "row" in whole)]
    while waiting:
        value, key, reached = waiting.pop()
        if isinstance(value, dict):
            if "$unknown" in value and (value is row or reached or key in named):
                return str(value["$unknown"]), f"{'The row' if value is row else key} could not be read."
            waiting += [(each, str(name), reached or name in whole) for name, each in value.items()]
        elif isinstance(value, list):
            waiting += [(each, key, False) for each in value]
    return None


def _taken_whole(text: str) -> set[str]:
    """The names of which not a member alone is taken: `size(row)`, `row.all(k, …)` and `row["m" + "fa"]` reach every field of a
    row, and name none."""
    dotted = re.sub(r"""\[\s*(["'])([A-Za-z_]\w*)\1\s*\]""", r".\2", text)
    bare = re.sub(r"""(["'])(?:\\.|(?!\1).)*\1""", '""', dotted)
    return set(re.findall(r"\b([A-Za-z_]\w*)\b(?!\s*\.\s*[A-Za-z_]\w*\b(?!\s*\())", bare))


if __name__ == "__main__":
    main()
