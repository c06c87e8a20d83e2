"""compose.yaml against our settings: it cannot be started in the tests, so what it names is checked."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from pipeline.cli import app
from pipeline.servers import airflow_home

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AIRFLOW_PARTS = {"api-server", "scheduler", "dag-processor", "triggerer"}


def test_all_that_the_issue_names_is_there() -> None:
    wanted = {"elasticsearch", "postgres", "dashboards", "airflow-init"}
    wanted |= {f"airflow-{part}" for part in AIRFLOW_PARTS}
    assert wanted == set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_pinned_waits_and_listens_on_loopback(name: str) -> None:
    service = SERVICES[name]
    tag = service["image"].rpartition(":")[2]
    assert re.match(r"\d+\.\d+", tag), service["image"]
    for port in service.get("ports", ()):
        assert port.startswith("127.0.0.1:"), port
    waits = service.get("depends_on", {})
    assert "healthcheck" in service or waits
    for other, how in waits.items():
        assert other in SERVICES
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


def test_every_variable_is_in_the_example_and_none_holds_a_secret() -> None:
    used = set(re.findall(r"\$\{(\w+)", TEXT))
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    assert used
    assert used == set(example)
    assert set(example.values()) == {""}


def test_our_variables_are_ours() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = {name for service in SERVICES.values() for name in service["environment"] if name.startswith("HUIYING_")}
    packages = ("alerting", "casework", "crawlers", "dashboards", "nlp", "pipeline")
    code = "\n".join(file.read_text(encoding="utf-8") for name in packages for file in (ROOT / name).rglob("*.py"))
    assert names
    for name in names:
        assert f"`{name}`" in documented, name
        assert name in code, name


def test_airflow_gets_the_settings_that_our_own_start_gives() -> None:
    started = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "pipeline" / "servers").glob("airflow*.py")
    )
    wanted = set(re.findall(r"AIRFLOW__[A-Z_]+", started))
    given = set(SERVICES["airflow-scheduler"]["environment"])
    # Files and addresses of the one machine; log-in passwords are kept in Airflow's home there.
    # The address of the one machine.
    local = {"AIRFLOW__API__BASE_URL", "AIRFLOW__API__HOST", "AIRFLOW__API__PORT"}
    assert wanted > local
    assert wanted - local <= given


def test_airflow_knows_its_variables(need_absent: Callable[[str, str], None]) -> None:
    found = importlib.util.find_spec("airflow")
    if found is None or found.origin is None:
        need_absent("airflow", "the package is not installed (make test installs it)")
    assert found is not None
    assert found.origin is not None
    template = Path(found.origin).parent / "config_templates" / "config.yml"
    sections = yaml.safe_load(template.read_text(encoding="utf-8"))
    given = [name for name in SERVICES["airflow-scheduler"]["environment"] if name.startswith("AIRFLOW__")]
    assert given
    for name in given:
        _, section, option = name.lower().split("__")
        assert option in sections[section]["options"], name


def test_who_enters_airflow_is_read_from_a_closed_file_in_its_home() -> None:
    given = SERVICES["airflow-api-server"]["environment"]
    home = Path(given["AIRFLOW_HOME"])
    assert Path(given["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]) == airflow_home.passwords(home)
    assert given["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"].split(":")[0] == airflow_home.USER
    # Made before Airflow would make one itself, readable for all and printed into its log.
    assert SERVICES["airflow-init"]["command"][-1] == airflow_home.__name__


def test_commands_name_programs_that_exist() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    commands = [service["command"] for service in SERVICES.values() if "command" in service]
    assert len(commands) >= 6
    # Their own log servers would listen on all interfaces.
    for part in ("scheduler", "triggerer"):
        assert "--skip-serve-logs" in SERVICES[f"airflow-{part}"]["command"]
    for command in commands:
        if command[:2] == ["python", "-m"]:
            assert importlib.util.find_spec(command[2]), command
        else:
            assert command[0] in ("airflow", "huiying")
            assert command[1] in (AIRFLOW_PARTS if command[0] == "airflow" else known)


def test_the_image_installs_what_is_pinned() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.count("--require-hashes") == 2
    for name in re.findall(r"requirements/\S+\.txt", dockerfile):
        assert (ROOT / name).is_file()
    assert "psycopg2" in (ROOT / "requirements" / "airflow.txt").read_text(encoding="utf-8")
    assert re.search(r"^USER huiying$", dockerfile, re.M)


def test_airflow_gets_both_drivers_of_postgres() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in extra["airflow"]}
    # Airflow makes a second, asynchronous engine beside the one of the URL, and does not start without it.
    assert {"psycopg2-binary", "asyncpg"} <= names


def test_secrets_do_not_get_into_the_image() -> None:
    assert ".env" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
