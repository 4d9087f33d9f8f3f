"""The coder's page and the API, from outside, with a coder that always knows the answer."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from debulk.errors import UsageError
from debulk.web import create_app, serve
from debulk.web.guard import LIMIT

from .sample import NOTE, FakeCoder, report

SECRET = "Jane Doe 12-34-56"
HOST = "127.0.0.1:8765"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def coder() -> FakeCoder:
    return FakeCoder()


@pytest.fixture
def app(coder: FakeCoder) -> FastAPI:
    return create_app(coder)


def call(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, **request)

    return asyncio.run(ask())


# --- page


def test_the_page_labels_every_field(app: FastAPI) -> None:
    page = call(app, "GET", "/").text
    for field in ("text", "date_of_service", "codes"):
        assert f'<label for="{field}">' in page
        assert f'id="{field}"' in page
    assert "<script" not in page
    assert call(app, "GET", "/style.css").headers["content-type"].startswith("text/css")


def test_the_form_gives_the_report_below_itself(app: FastAPI, coder: FakeCoder) -> None:
    sent = {"text": NOTE, "date_of_service": "2025-03-15", "codes": "58958, 49255-59\n"}
    answer = call(app, "POST", "/", data=sent)
    assert answer.status_code == 200
    assert coder.asked == [(NOTE, "note", date(2025, 3, 15), ("58958", "49255-59"))]
    assert answer.text.index("</form>") < answer.text.index('<article class="report"')
    assert "58958" in answer.text
    assert 'value="58958, 49255-59' in answer.text
    assert "a 6 cm &lt;left upper quadrant&gt;" in answer.text


def test_the_form_escapes_the_note(app: FastAPI) -> None:
    answer = call(app, "POST", "/", data={"text": "</textarea><script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert answer.text.count("</textarea>") == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": " \r\n "}, "There is no note: paste the full text of the operative note."),
        ({"text": "n", "date_of_service": "14.3.2025"}, "must be a date written YYYY-MM-DD."),
        ({"text": "n", "date_of_service": "2025-02-30"}, "must be a date written YYYY-MM-DD."),
        # A browser drops the first line break of a text area.
        ({"text": "\nEMPTY"}, "The text holds no operative note: give the full report."),
        ({"text": "n", "codes": "1 " * 101}, "must be a list of up to 100 strings"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    app: FastAPI, sent: dict[str, str], said: str
) -> None:
    answer = call(app, "POST", "/", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert f">\n{sent['text']}</textarea>" in answer.text


def test_only_a_plain_form_is_read(app: FastAPI) -> None:
    assert call(app, "POST", "/", files={"text": b"note"}).status_code == 415
    assert call(app, "POST", "/", content="&" * 20, headers=FORM).status_code == 422


# --- API


def test_the_api_gives_the_contract(app: FastAPI, coder: FakeCoder) -> None:
    sent = {"text": NOTE, "id": "n1", "date_of_service": "2025-03-14", "codes": ["58958"]}
    answer = call(app, "POST", "/api/suggest", json=sent)
    assert answer.status_code == 200
    assert coder.asked == [(NOTE, "n1", date(2025, 3, 14), ("58958",))]
    assert answer.json() == report(id="n1", date_source="argument").to_dict()


def test_the_api_needs_only_the_text(app: FastAPI, coder: FakeCoder) -> None:
    assert call(app, "POST", "/api/suggest", json={"text": "x"}).status_code == 200
    assert coder.asked == [("x", "note", None, ())]


def test_the_api_takes_any_characters(app: FastAPI, coder: FakeCoder) -> None:
    text = "a\ud800\r\n\x00\x1b\u2028\U0001f600"
    body = json.dumps({"text": text})
    headers = {"content-type": "application/json; charset=utf-8"}
    answer = call(app, "POST", "/api/suggest", content=body, headers=headers)
    assert coder.asked[0][0] == text
    assert json.loads(answer.text)["mentions"][0]["text"] == text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "The body is not JSON in UTF-8."),
        ("\xff", "The body is not JSON in UTF-8."),
        ("[" * 100_000, "The body is not JSON in UTF-8."),
        (f'["{SECRET}"]', "The body must be a JSON object"),
        ({}, "The field text is missing"),
        ({"text": None}, "The field text is missing"),
        ({"text": [SECRET]}, "The field text is missing"),
        ({"text": SECRET, "id": ""}, "The field id must"),
        ({"text": SECRET, "id": 7}, "The field id must"),
        ({"text": SECRET, "date_of_service": 20250314}, "The date of service must"),
        ({"text": SECRET, "date_of_service": "2025-02-30"}, "The date of service must"),
        ({"text": SECRET, "codes": "58958"}, "The field codes must"),
        ({"text": SECRET, "codes": [58958]}, "The field codes must"),
        ({"text": SECRET, "codes": [SECRET * 9]}, "The field codes must"),
        ({"text": SECRET, SECRET: 1}, "The request has an unknown field"),
        ({"text": f"EMPTY {SECRET}"}, "The text holds no operative note"),
    ],
)
def test_the_api_refuses_with_one_sentence_that_quotes_nothing(
    app: FastAPI, body: Any, said: str
) -> None:
    content = body.encode("latin-1") if isinstance(body, str) else json.dumps(body)
    headers = {"content-type": "application/json"}
    answer = call(app, "POST", "/api/suggest", content=content, headers=headers)
    assert answer.status_code == 422
    assert list(answer.json()) == ["detail"]
    assert answer.json()["detail"].startswith(said)
    assert SECRET not in answer.text


def test_the_api_takes_json_only(app: FastAPI) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x"):
        answer = call(app, "POST", "/api/suggest", content="{}", headers={"content-type": kind})
        assert answer.status_code == 415


def test_health_and_nothing_undeclared(app: FastAPI) -> None:
    assert call(app, "GET", "/api/health").json() == {"status": "ok"}
    for path in ("/docs", "/redoc", "/openapi.json", "/render/style.css"):
        assert call(app, "GET", path).status_code == 404


# --- guard


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8765", "[::1]", "[::1]:8765"]
)
def test_own_hosts_are_served(app: FastAPI, host: str) -> None:
    assert call(app, "GET", "/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["example.org", "127.0.0.1.example.org", "localhost.", "evil@localhost", "localhost:x",
     "127.0.0.2", "::1", "[::2]", "0.0.0.0", ""],
)  # fmt: skip
def test_other_hosts_are_refused(app: FastAPI, host: str) -> None:
    assert call(app, "GET", "/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": f"http://{HOST}"}, 200),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": f"https://{HOST}"}, 403),
        ({"origin": "http://localhost:8765"}, 403),
        ({"origin": "https://example.org"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/suggest"])
def test_a_post_from_another_page_is_refused(
    app: FastAPI, coder: FakeCoder, path: str, headers: dict[str, str], status: int
) -> None:
    body = {"data": {"text": "x"}} if path == "/" else {"json": {"text": "x"}}
    assert call(app, "POST", path, headers=headers, **body).status_code == status
    assert len(coder.asked) == (status == 200)


@pytest.mark.parametrize("path", ["/", "/style.css", "/api/health", "/nowhere"])
def test_every_answer_is_sealed(app: FastAPI, path: str) -> None:
    headers = call(app, "GET", path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self' 'unsafe-inline'; form-action")
    assert headers["cache-control"] == "no-store"
    # With no-referrer a browser would post its own form with "Origin: null".
    assert headers["referrer-policy"] == "same-origin"


def test_refusals_are_sealed_too(app: FastAPI) -> None:
    answer = call(app, "GET", "/", headers={"host": "example.org"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_body_over_the_limit_is_refused(app: FastAPI, coder: FakeCoder) -> None:
    large = {**FORM, "content-length": str(LIMIT + 1)}
    declared = call(app, "POST", "/", content=b"text=x", headers=large)

    async def stream() -> Any:
        for _ in range(13):
            yield b"x" * 1024 * 1024

    streamed = call(app, "POST", "/", content=stream(), headers=FORM)
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert coder.asked == []


def test_a_large_note_is_read(app: FastAPI, coder: FakeCoder) -> None:
    body = urlencode({"text": "EMPTY " + "x" * (LIMIT - 100)})
    assert call(app, "POST", "/", content=body, headers=FORM).status_code == 422
    assert len(coder.asked[0][0]) > LIMIT - 200


def test_a_fault_tells_nothing_of_the_note(
    app: FastAPI, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for path, body in (
        ("/", {"data": {"text": f"CRASH {SECRET}"}}),
        ("/api/suggest", {"json": {"text": f"CRASH {SECRET}"}}),
    ):
        answer = call(app, "POST", path, **body)
        assert answer.status_code == 500
        assert "detail" in answer.json()
        assert SECRET not in answer.text
    assert "A request failed with RuntimeError." in caplog.text
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


# --- server


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "127.0.0.2", ""])
def test_only_the_loopback_address_is_served(coder: FakeCoder, host: str) -> None:
    with pytest.raises(UsageError, match="this computer only"):
        serve(coder, host)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_opened_is_an_error(coder: FakeCoder, port: int) -> None:
    with pytest.raises(UsageError, match="choose another port"):
        serve(coder, port=port)
