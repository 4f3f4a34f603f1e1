"""Is the core pure? It decides over frozen data, and knows neither the time nor the machine that it runs on."""

import ast
import json
import subprocess
import sys

import pytest

from tests.architecture.tree import CORE, imported, modules, parsed

ALLOWED = frozenset(
    {
        *(
            "bisect",
            "operator",
            "collections",
            "dataclasses",
            "datetime",
            "decimal",
            "enum",
            "functools",
            "hashlib",
            "ipaddress",
        ),
        *("itertools", "math", "re", "typing", "unicodedata", "msgspec", "takeback"),
    }
)
FRAMEWORKS = ("django", "dbos", "flask", "granian", "httpx", "rich", "sqlalchemy", "standardwebhooks", "tenacity")
OUTSIDE = ("asyncio", "logging", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "uuid")

LOADED = """
import importlib, json, pkgutil, sys
import bisect, decimal, functools, hashlib, ipaddress, unicodedata, msgspec
before = set(sys.modules)
import takeback.core
for module in pkgutil.walk_packages(takeback.core.__path__, "takeback.core."):
    importlib.import_module(module.name)
print(json.dumps([sorted(sys.modules), sorted(set(sys.modules) - before)]))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[set[str], set[str]]:
    """What a fresh process has loaded after all of the core, and what of it came with the core alone."""
    told = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True)
    everything, ours = json.loads(told.stdout)
    return set(everything), set(ours)


def test_the_core_loads_no_framework(loaded: tuple[set[str], set[str]]) -> None:
    everything, _ = loaded
    assert "takeback.core.undo.effects" in everything
    assert not everything.intersection(FRAMEWORKS)


def test_the_core_itself_loads_no_clock_chance_network_or_disk(loaded: tuple[set[str], set[str]]) -> None:
    _, ours = loaded
    assert not ours.intersection(OUTSIDE)


def test_the_core_imports_only_what_computes() -> None:
    foreign = {
        f"{path.relative_to(CORE)} imports {name}"
        for path in modules(CORE)
        for name in imported(path)
        if name.partition(".")[0] not in ALLOWED
    }
    assert foreign == set()


def test_the_core_asks_nobody_for_the_time() -> None:
    asked = {
        f"{path.relative_to(CORE)}, line {node.lineno}"
        for path in modules(CORE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    }
    assert asked == set()


def test_the_core_has_no_any() -> None:
    found = {
        f"{path.relative_to(CORE)}, line {node.lineno}"
        for path in modules(CORE)
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "Any") or (isinstance(node, ast.Attribute) and node.attr == "Any")
    }
    assert found == set()
