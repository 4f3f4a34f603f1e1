"""Do the ready-made parts fit what they start? Each command, setting and path in them is held against the real one."""

import re
import shutil
import subprocess
import sys
import tomllib
from base64 import b64encode
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from takeback.cli import parser
from takeback.configuration import load_configuration, setting_names, variable_of

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
INSTALLED = "/opt/takeback/bin/takeback"
EXPOSURE = 2.0  # of 10


def unit_of(path: Path) -> RawConfigParser:
    read = RawConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # names in a unit are told apart by their case
    read.read(path)
    return read


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return told


def test_the_settings_to_begin_with_are_settings(tmp_path: Path) -> None:
    secret = b64encode(b"x" * 32).decode()
    text = (DEPLOY / "takeback.toml").read_text(encoding="utf-8").replace("whsec_…", f"whsec_{secret}")
    (tmp_path / "takeback.toml").write_text(text, encoding="utf-8")
    configuration = load_configuration({"TAKEBACK_CONFIG": str(tmp_path / "takeback.toml")})
    assert configuration.services
    assert configuration.metrics.port != configuration.metrics.work_port


def test_what_is_commented_out_in_them_are_settings_too() -> None:
    text = (DEPLOY / "takeback.toml").read_text(encoding="utf-8")
    lines = re.findall(r"^# (\[?[a-z_]+\]?(?: = \"[^\"]*\")?)[ ]*(?:#.*)?$", text, re.M)
    told = tomllib.loads("\n".join(lines))
    names = {f"{name}.{inner}" for name, value in told.items() if isinstance(value, dict) for inner in value}
    names |= {name for name, value in told.items() if not isinstance(value, dict)}
    assert names == {"database_url", "secret_key", "traces.endpoint"}
    assert names <= set(setting_names())


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_unit_calls_a_command_that_there_is_and_can_do_no_more_than_it_needs(unit: Path) -> None:
    said = unit_of(unit)["Service"]
    name, *arguments = said["ExecStart"].split()
    assert name == INSTALLED
    assert callable(parser().parse_args(arguments).run)
    assert (said["User"], said["NoNewPrivileges"], said["ProtectSystem"]) == ("takeback", "yes", "strict")
    assert (said["CapabilityBoundingSet"], said["UMask"]) == ("", "0077")


@pytest.mark.parametrize("timer", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda path: path.name)
def test_a_timer_starts_a_unit_that_there_is(timer: Path) -> None:
    assert timer.with_suffix(".service").exists()


needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_unit_is_shut_in(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) < EXPOSURE


def test_every_setting_in_the_compose_file_is_one_and_every_command_there_is() -> None:
    known = {variable_of(name) for name in setting_names()}
    for name, service in compose()["services"].items():
        if service["image"] != "takeback":
            continue
        told = {variable for variable in service["environment"] if variable.startswith("TAKEBACK_")}
        assert told <= known, name
        assert callable(parser().parse_args(service.get("command", ["serve"])).run)
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_the_compose_file_publishes_on_this_machine_alone_and_its_measures_nowhere() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert not [port for port in ports if "9464" in port or "9465" in port]


def test_what_the_compose_file_wants_to_be_told_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    given = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "example.env").read_text(encoding="utf-8"), re.M))
    assert wanted == given


def test_the_image_installs_what_is_pinned_runs_as_nobody_in_particular_and_names_no_registry() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.M)
    assert bases
    assert not [base for base in bases if "/" in base]
    assert "--require-hashes -r requirements/run.txt" in text
    assert re.findall(r"^USER (\d+)$", text, re.M) == ["10001"]
    for sources in re.findall(r"^COPY ((?:(?!--)\S+ )+)\S+$", text, re.M):
        assert all((ROOT / source).exists() for source in sources.split())
