"""The web application around one coder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from debulk import render
from debulk.errors import DebulkError, InputError, UsageError
from debulk.values import Report
from debulk.web import asked
from debulk.web.guard import Guard, problem
from debulk.web.page import page

_FORM = "application/x-www-form-urlencoded"


class Coder(Protocol):
    """What turns a note into a report."""

    def suggest(
        self,
        text: str,
        *,
        id: str = "note",
        date_of_service: date | None = None,
        codes: Sequence[str] = (),
    ) -> Report:
        """The report of a note."""


def create_app(coder: Coder) -> FastAPI:
    """The page and the API of one coder, for the loopback address."""
    app = FastAPI(title="debulk", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard)
    turn = threading.Lock()  # one note at a time: the pipeline is not made for threads

    def suggest(question: asked.Asked) -> Report:
        with turn:
            return coder.suggest(
                question.text,
                id=question.id,
                date_of_service=question.date_of_service,
                codes=question.codes,
            )

    @app.get("/")
    def empty() -> Response:
        return HTMLResponse(page())

    @app.get("/style.css")
    def style() -> Response:
        return Response(render.style(), media_type="text/css")

    @app.get("/api/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/")
    async def check(request: Request) -> Response:
        if _media_type(request) != _FORM:
            return HTMLResponse(page(problem="Send the form from this page."), 415)
        body = await request.body()
        return await run_in_threadpool(answer, body)

    def answer(body: bytes) -> Response:
        form: dict[str, str] = {}
        try:
            form = asked.fields(body)
            question = asked.from_fields(form)
            report = render.fragment(suggest(question), question.text)
        except DebulkError as error:
            return HTMLResponse(page(form, problem=str(error)), _status(error))
        return HTMLResponse(page(form, report=report))

    @app.post("/api/suggest")
    async def api(request: Request) -> Response:
        if _media_type(request) != "application/json":
            return problem(415, "Send JSON with the content type application/json.")
        body = await request.body()
        return await run_in_threadpool(api_answer, body)

    def api_answer(body: bytes) -> Response:
        try:
            report = suggest(asked.from_json(body))
        except DebulkError as error:
            return problem(_status(error), str(error))
        return Response(render.json_text(report), media_type="application/json")

    return app


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _status(error: DebulkError) -> int:
    return 422 if isinstance(error, (InputError, UsageError)) else 500
