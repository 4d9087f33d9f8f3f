"""What a request asks for, validated; an error names the field and never its content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError

from debulk.errors import InputError, UsageError

LONGEST_ID = 200
MOST_CODES = 100

_FIELDS = {
    "text": "The field text is missing or is not a string: give the full text of the note.",
    "id": f"The field id must be a string of 1 to {LONGEST_ID} characters.",
    "date_of_service": "The date of service must be a date written YYYY-MM-DD.",
    "codes": f'The field codes must be a list of up to {MOST_CODES} strings such as "49255-59".',
}
_UNKNOWN = f"The request has an unknown field: use {', '.join(_FIELDS)}."
_NO_NOTE = "There is no note: paste the full text of the operative note."


def _string(given: Any) -> str:
    # pydantic's own `str` refuses lone surrogates, which a note may hold.
    if not isinstance(given, str):
        raise ValueError("not a string")
    return given


def _day(given: Any) -> Any:
    # pydantic's own `date` reads a number as seconds since 1970.
    if given is None or (isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given)):
        return given
    raise ValueError("not a date")


class Asked(BaseModel):
    """A note, and what is known about it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    text: Annotated[str, PlainValidator(_string)]
    id: str = Field(default="note", min_length=1, max_length=LONGEST_ID)
    date_of_service: Annotated[date | None, BeforeValidator(_day)] = None
    codes: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        default=(), max_length=MOST_CODES
    )


def from_json(body: bytes) -> Asked:
    """What the JSON of an API call asks for."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("The body is not JSON in UTF-8.") from None
    if not isinstance(given, dict):
        raise InputError("The body must be a JSON object with the field text.")
    return _checked(lambda: Asked.model_validate(given))


def fields(body: bytes) -> dict[str, str]:
    """The fields of a posted form, as typed."""
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        raise InputError("The form cannot be read: send it from the page.") from None
    return dict(pairs)


def from_fields(form: dict[str, str]) -> Asked:
    """What a posted form asks for."""
    text = form.get("text", "")
    if not text.strip():
        raise InputError(_NO_NOTE)
    day = form.get("date_of_service", "").strip() or None
    codes = re.split(r"[\s,;]+", form.get("codes", "").strip())
    return _checked(
        lambda: Asked.model_validate(
            {"text": text, "date_of_service": day, "codes": [code for code in codes if code]}
        )
    )


def _checked(validate: Callable[[], Asked]) -> Asked:
    try:
        return validate()
    except ValidationError as error:
        wrong = str(error.errors(include_input=False, include_context=False)[0]["loc"][0])
    raise UsageError(_FIELDS.get(wrong, _UNKNOWN))
