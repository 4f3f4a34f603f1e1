"""Where is what in the source tree? What the tests of the house walk over."""

import ast
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "takeback"
CORE = SOURCE / "core"
PARTS = ("src", "plugins", "examples", "benchmarks", "tests")
NOT_OURS = frozenset({".venv", ".git", "node_modules"})


def modules(*folders: Path) -> list[Path]:
    """Every Python file below these folders, migrations left out: Django writes those."""
    found = (path for folder in folders for path in folder.rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts)


def documents() -> list[Path]:
    """Every Markdown file of the project, none of what was installed or is kept between runs."""
    return sorted(path for path in ROOT.rglob("*.md") if not _is_foreign(path.relative_to(ROOT)))


def _is_foreign(path: Path) -> bool:
    return any(part in NOT_OURS or part.startswith(".") for part in path.parts)


@lru_cache(maxsize=1)  # the trees of all files would be a million objects, which every test after would carry
def parsed(path: Path) -> ast.Module:
    """The file's syntax tree, to be read only."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module that the file names in an import, wherever in the file it stands."""
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
    return tuple(found)


def calls(path: Path, name: str) -> list[ast.Call]:
    """Every call of `name` in the file."""
    return _calls(path).get(name, [])


@cache
def _calls(path: Path) -> dict[str, list[ast.Call]]:
    found = defaultdict(list)
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found[node.func.id].append(node)
    return found
