"""Do imports run one way, and would anybody notice if one did not?"""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE

CONTRACTS = ROOT / ".importlinter"
LINTER = Path(sys.executable).with_name("lint-imports")

# contract, module, the import that breaks the contract there
PLANTED = [
    ("layers", "casework/undo.py", "import takeback.store.cases"),
    ("layers", "core/hold.py", "import takeback.configuration"),
    ("layers", "store/rows.py", "import takeback.web.problem"),
    ("layers", "bootstrap.py", "import takeback.terminal.language"),
    ("layers", "newcomer.py", '"""A module that no layer names."""'),
    ("stages", "core/investigate/sessions.py", "import takeback.core.undo.plan"),
    ("stages", "core/hold.py", "import takeback.core.handback"),
    ("stages", "core/newcomer.py", '"""A stage that the story does not tell."""'),
    ("stages", "core/authenticity/ledger.py", "import takeback.core.notice"),
    ("pure-core", "core/hold.py", "import time"),
    ("pure-core", "core/authenticity/proof.py", "import dns.name"),
    ("pure-core", "core/freeze.py", "import django.utils.timezone"),
    ("pure-core", "core/undo/plan.py", "from os import environ"),
    ("django", "casework/undo.py", "from django.utils import timezone"),
    ("django", "mail/smtp.py", "import django.core.mail"),
    ("sign-in", "web/health.py", "import allauth.account.adapter"),
    ("engine", "web/health.py", "import dbos"),
    ("terminal-words", "casework/phases.py", "import rich.console"),
    ("mail-tools", "casework/phases.py", "import dns.resolver"),
    ("mail-tools", "web/health.py", "from publicsuffixlist import PublicSuffixList"),
    ("place-files", "casework/phases.py", "import maxminddb"),
    ("tables", "web/health.py", "from takeback.store.models import CaseRow"),
    ("adapters", "mail/smtp.py", "import takeback.store.files"),
    ("adapters", "places/lookup.py", "import takeback.store.files"),
    ("connectors", "shops/http.py", "import takeback.shops.pretend.shop"),
    ("no-cycles", "casework/page.py", "import takeback.casework.phases"),
    ("no-shop-inside", "demo/lives.py", "import examples.shop.customer"),
    ("no-shop-inside", "shops/http.py", "import takeback_oscar.signing"),
]


def lint(source: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package below `source`."""
    limit = [part for contract in contracts for part in ("--contract", contract)]
    command = [str(LINTER), "--no-logo", "--no-cache", "--config", str(CONTRACTS), *limit]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    linted = lint(SOURCE.parent)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert " 0 broken." in linted.stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Asks a contract, once, about a package in which every violation of it has been planted, and of no other."""

    @cache
    def linted(contract: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path_factory.mktemp(contract)
        shutil.copytree(SOURCE, folder / "takeback", ignore=shutil.ignore_patterns("__pycache__"))
        for of, module, planted in PLANTED:
            if of == contract:
                with (folder / "takeback" / module).open("a", encoding="utf-8") as file:
                    file.write(f"\n{planted}\n")
        return lint(folder, contract)

    return linted


@pytest.mark.parametrize(("contract", "module", "planted"), PLANTED)
def test_a_planted_violation_is_caught(
    broken: Callable[[str], subprocess.CompletedProcess[str]],
    contract: str,
    module: str,
    planted: str,  # noqa: ARG001 - planted by the fixture; here for the test's name
) -> None:
    linted = broken(contract)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert "1 broken." in linted.stdout
    guilty = re.escape(".".join(("takeback", *Path(module).with_suffix("").parts)))
    of_a_cycle = rf"^- \.{Path(module).stem} -> "
    assert re.search(rf"\b{guilty}\b(?! is not allowed)|{of_a_cycle}", linted.stdout, re.MULTILINE), linted.stdout


def test_no_contract_is_without_a_planted_violation() -> None:
    settings = configparser.ConfigParser()
    settings.read(CONTRACTS, encoding="utf-8")
    named = {section.rpartition(":")[2] for section in settings.sections() if ":contract:" in section}
    assert named == {contract for contract, _, _ in PLANTED}
