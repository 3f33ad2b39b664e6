"""What docker-compose.yml and the Dockerfile promise; nothing here needs an engine."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jsonschema
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from ruamel.yaml import YAML

from tests.house.tree import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = YAML(typ="safe", pure=True).load(TEXT)
STUDYBOT = COMPOSE["services"]["studybot"]
POSTGRES = COMPOSE["services"]["postgres"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments left out."""
    lines = [line for line in DOCKERFILE.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def final_stage() -> list[tuple[str, str]]:
    every = instructions()
    return every[max(i for i, (word, _) in enumerate(every) if word == "FROM") :]


def test_the_compose_file_follows_the_compose_schema() -> None:
    schema = get_builtin_schema("vendor.compose-spec")
    jsonschema.Draft7Validator(schema).validate(COMPOSE)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate({**COMPOSE, "services": {"studybot": {"ports": "8080"}}})


@pytest.mark.parametrize("service", COMPOSE["services"].values(), ids=COMPOSE["services"].keys())
def test_every_service_runs_as_nobody_special(service: dict[str, Any]) -> None:
    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "network_mode" not in service


@pytest.mark.parametrize("service", COMPOSE["services"].values(), ids=COMPOSE["services"].keys())
def test_every_service_comes_back_by_itself_and_tells_its_health(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("service", COMPOSE["services"].values(), ids=COMPOSE["services"].keys())
def test_ports_are_published_on_loopback_alone(service: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_bot_writes_to_its_volume_and_to_tmp_alone() -> None:
    assert STUDYBOT["read_only"] is True
    assert STUDYBOT["tmpfs"] == ["/tmp"]
    assert STUDYBOT["volumes"] == ["data:/data"]
    assert STUDYBOT["environment"]["STUDYBOT_DATA"] == "/data"
    assert "data" in COMPOSE["volumes"]


def test_the_claim_to_be_behind_loopback_is_true() -> None:
    claims = [
        name for name, service in COMPOSE["services"].items() if "STUDYBOT_BEHIND_LOOPBACK" in service["environment"]
    ]
    assert claims == ["studybot"]
    assert len(STUDYBOT["ports"]) == 1
    assert STUDYBOT["ports"][0].startswith("127.0.0.1:")
    assert "STUDYBOT_BEHIND_LOOPBACK" not in " ".join(rest for _, rest in instructions())


def test_without_any_variable_compose_starts_the_bot_alone() -> None:
    """Compose fills in variables for every service, those of profiles that are off too, so none may be required."""
    assert not re.search(r"\$\{\w+:?\?", TEXT)
    assert POSTGRES["profiles"] == ["postgres"]
    assert "profiles" not in STUDYBOT
    assert STUDYBOT["env_file"] == [{"path": ".env", "required": False}]
    assert STUDYBOT["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}


def test_postgres_has_no_password_of_ours_and_no_port() -> None:
    assert POSTGRES["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:-}"
    assert "ports" not in POSTGRES
    assert POSTGRES["volumes"] == ["postgres:/var/lib/postgresql/data"]
    assert POSTGRES["image"] == "postgres:17"


def test_the_image_runs_as_the_user_that_owns_its_data() -> None:
    stage = dict(final_stage())
    assert stage["USER"] == STUDYBOT["user"]
    assert stage["VOLUME"] == "/data"
    made = next(rest for word, rest in final_stage() if word == "RUN" and '"/data"' in rest and '"install"' in rest)
    assert '"--owner", "10001", "--group", "10001"' in made


def test_the_image_checks_its_health_as_compose_does() -> None:
    check = dict(final_stage())["HEALTHCHECK"].partition("CMD ")[2]
    assert json.loads(check) == STUDYBOT["healthcheck"]["test"][1:]


def health(port: int) -> int:
    """The exit code of the health check, with a proxy set as an operator may have for the chat platforms."""
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, *STUDYBOT["healthcheck"]["test"][2:]]
    return subprocess.run(command, env={"STUDYBOT_PORT": str(port), **proxy}, capture_output=True).returncode


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_bot_itself(status: int, healthy: bool) -> None:
    asked = []

    class Bot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Bot) as server:
        listening = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        listening.start()
        try:
            assert (health(server.server_port) == 0) is healthy
        finally:
            server.shutdown()
            listening.join()
    assert asked == ["/healthz"]


def test_a_bot_that_does_not_listen_is_not_healthy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert health(taken.getsockname()[1]) != 0


def test_the_image_is_built_from_the_lock_and_without_a_shell() -> None:
    runs = [rest for word, rest in instructions() if word in ("RUN", "ENTRYPOINT", "CMD")]
    assert all(rest.startswith("[") for rest in runs)
    installs = [rest for rest in runs if '"install"' in rest and "pip" in rest]
    assert len(installs) == 2
    assert '"--require-hashes"' in installs[0]
    assert '"--no-index"' in installs[1]


def test_what_the_image_copies_is_in_the_build_context() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in shlex.split(rest)[:-1]
    }
    assert copied == kept
    assert all((ROOT / name).exists() for name in kept)
