"""Is each module small, does it say what it is for, and does the house stand on nobody's address?"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PARTS, ROOT, SOURCE, imported, modules, parsed

LONGEST = 400
VAGUE = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"})
ALL = modules(*(ROOT / part for part in PARTS))


def told(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {told(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ALL}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_module_opens_with_a_docstring() -> None:
    mute = [told(path) for path in ALL if parsed(path).body and ast.get_docstring(parsed(path)) is None]
    assert mute == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in ALL if path != SOURCE / "store" / "sqlite" / "base.py"]  # Django looks for that name
    assert [told(path) for path in named if VAGUE & {path.stem, path.parent.name}] == []


def test_the_shop_plugin_shares_nothing_with_takeback_but_the_contract() -> None:
    plugin = modules(ROOT / "plugins")
    assert plugin
    assert [told(path) for path in plugin if any(name.partition(".")[0] == "takeback" for name in imported(path))] == []


def test_the_examples_import_nothing_of_takeback() -> None:
    examples = modules(ROOT / "examples")
    assert examples
    knowing = [path for path in examples if any(name.partition(".")[0] == "takeback" for name in imported(path))]
    assert [told(path) for path in knowing] == []


def test_help_loads_neither_django_nor_the_engine_nor_rich() -> None:
    code = (
        "import sys; from takeback.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    helped = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "investigate" in helped.stdout
    loaded = set(helped.stdout.splitlines()[-1].split())
    assert "takeback.cli" in loaded
    assert not loaded & {"django", "dbos", "rich", "httpx", "sqlalchemy"}


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_the_pinned_requirements_name_no_address(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [
        line for line in lines if "://" in line or (re.match(r"\s*-{1,2}[a-z]", line) and "--hash=" not in line)
    ] == []


def test_no_setting_names_a_registry() -> None:
    settings = [ROOT / "pyproject.toml", ROOT / "Makefile", *(ROOT / ".ci").iterdir(), *ROOT.glob("plugins/*/*.toml")]
    naming = re.compile(r"(?<!no-emit-)index[-_]url|find[-_]links|trusted[-_]host|\[\[?tool\.uv\.index|registry\s*=")
    assert [told(path) for path in settings if naming.search(path.read_text(encoding="utf-8"))] == []


def test_there_is_no_lock_file_that_could_name_one() -> None:
    names = ("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "package-lock.json", "pip.conf", "uv.toml")
    assert [name for name in names for _ in ROOT.glob(name)] == []


def test_every_package_is_in_the_source_tree_that_the_wheel_carries() -> None:
    folders = {path.parent for path in modules(SOURCE)}
    assert [told(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
