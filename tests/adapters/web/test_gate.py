"""Who may come in, and what every response carries."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.web.gate import BODY_MOST, allowed_hosts
from tests.adapters.web import screen
from tests.adapters.web.bench import FORM, WebBench

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/pictures/1/x.png", "/suggest?text=/", "/press", "/static/x/page.css"]
)
async def test_every_response_carries_the_strict_headers(bench: WebBench, path: str) -> None:
    response = await bench.stranger().get(path)
    assert response.headers["content-security-policy"] == STRICT
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080"])
async def test_the_page_answers_under_its_local_names(bench: WebBench, host: str) -> None:
    assert (await bench.stranger().get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost.evil.example:8080",
        "127.0.0.1:8080.",
        "",
    ],
)
async def test_any_other_host_is_refused_as_dns_rebinding_would_use_it(bench: WebBench, host: str) -> None:
    response = await bench.stranger().get("/", headers={"host": host})
    assert response.status_code == 421
    assert "Studybot" in response.text


def test_a_host_with_a_port_of_its_own_keeps_it_and_port_80_may_be_left_out() -> None:
    assert allowed_hosts(["study.local:9000"], 8080).fullmatch("study.local:9000")
    assert not allowed_hosts(["study.local:9000"], 8080).fullmatch("study.local:8080")
    assert allowed_hosts(["localhost"], 80).fullmatch("localhost")
    assert allowed_hosts(["localhost"], None).fullmatch("localhost:1234")
    assert not allowed_hosts([], 80).fullmatch("")


HOME = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "same-origin", "origin": HOME},
        {"sec-fetch-site": "none"},
        {"origin": HOME},
    ],
)
async def test_our_own_page_may_change_things(bench: WebBench, headers: dict[str, str]) -> None:
    response = await bench.stranger().post("/who", data={"person": "2"}, headers=headers)
    assert screen.who(response.text) == "You are Ada"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://localhost:8080"},
        {"sec-fetch-site": "cross-site", "origin": HOME},
        {"sec-fetch-site": "same-site", "origin": "null"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
    ],
)
async def test_nobody_elses_page_may(bench: WebBench, headers: dict[str, str]) -> None:
    browser = bench.stranger()
    response = await browser.post("/who", data={"person": "2"}, headers=headers)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert screen.who((await browser.get("/")).text) == "You are You"


@pytest.mark.parametrize("path", ["/suggest?text=/quiz", "/pictures/1/x.png", "/stream", "/"])
async def test_another_site_cannot_read_what_is_here(bench: WebBench, path: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert (await bench.stranger().get(path, headers=headers)).status_code == 403


async def test_a_link_from_another_site_still_opens_the_page(bench: WebBench) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert (await bench.stranger().get("/", headers=headers)).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
async def test_only_forms_are_read(bench: WebBench, kind: str) -> None:
    response = await bench.stranger().post("/command", content=b"text=/quiz", headers={**FORM, "content-type": kind})
    assert response.status_code == 415


async def test_a_body_past_the_limit_is_refused_while_it_streams_in(bench: WebBench) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * BODY_MOST:
            sent += 4096
            yield b"x" * 4096

    response = await bench.stranger().post("/command", content=endless(), headers=FORM)
    assert response.status_code == 413
    assert f"{BODY_MOST // 1024} KiB" in response.text
    assert sent <= BODY_MOST + 2 * 4096


async def test_a_body_at_the_limit_is_read(bench: WebBench) -> None:
    content = b"who=1&text=".ljust(BODY_MOST, b"a")
    response = await bench.stranger().post("/command", content=content, headers=FORM)
    assert response.status_code == 200
    assert "too long for a command" in response.text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(bench: WebBench) -> None:
    browser = bench.stranger()
    browser.follow_redirects = False
    response = await browser.post("/who", data={"person": "2"}, headers=FORM)
    assert response.status_code == 303
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("who=2;")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_files_are_kept_for_ever_under_addresses_made_of_their_content(bench: WebBench) -> None:
    browser = bench.stranger()
    page = (await browser.get("/")).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    response = await browser.get(address)
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]
    assert (await browser.get(address.replace("page.css", "../client.py"))).status_code == 404
    assert (await browser.get(address.replace("page.css", "%2e%2e/client.py"))).status_code == 404
    assert (await browser.get("/static/000000000000/page.css")).status_code == 404


async def test_the_page_holds_no_inline_script_or_style(bench: WebBench) -> None:
    page = (await bench.stranger().get("/")).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1
    assert " on" not in "".join(part.partition(">")[0] for part in page.split("<button")[1:])


async def test_errors_are_plain_pages_and_json_for_the_script(bench: WebBench) -> None:
    browser: httpx.AsyncClient = bench.stranger()
    page = await browser.get("/nowhere")
    assert page.status_code == 404
    assert "There is no such page." in page.text
    answer = await browser.post("/nowhere", headers={**FORM, "accept": "application/json"})
    assert (answer.status_code, answer.json()) == (404, {"error": "There is no such page."})
    assert (await browser.get("/press")).status_code == 405
