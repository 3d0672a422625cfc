"""Schema: the case file as JSON Schema (draft 2020-12), made from the reader's own tables."""

from collections.abc import Mapping
from typing import Any, Final

from kuanxian.law.case_events import COMMON, GROUPS, KINDS
from kuanxian.law.case_stated import Stated
from kuanxian.law.case_tables import (
    ABOUT_MAX,
    ACT,
    EVENTS_MAX,
    FACTS_MAX,
    FORMAT,
    LENDER,
    LISTS,
    NEEDED,
)
from kuanxian.law.case_values import (
    DAY_PATTERN,
    ID_PATTERN,
    INSTANT_PATTERN,
    TEXT_MAX,
    ZONE_PATTERN,
    Field,
)

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Final = {"type": "string", "pattern": f"^(?:{ID_PATTERN})$"}
_INSTANT: Final = {"type": "string", "pattern": f"^(?:{INSTANT_PATTERN})$"}
_DAY: Final = {"type": "string", "pattern": f"^(?:{DAY_PATTERN})$"}
_ZONE: Final = {"type": "string", "pattern": f"^(?:{ZONE_PATTERN})$", "maxLength": 64}
_TEXT: Final = {
    "type": "string", "maxLength": TEXT_MAX, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
}  # fmt: skip


def case_schema(stated: Stated) -> dict[str, Any]:
    """Make the JSON Schema of a case file.

    Args:
        stated: The facts a file may state; it takes no other.

    Returns:
        A schema as plain JSON values. It refuses what the reader refuses, but for what a
        schema cannot say: references to nothing, ids that look like a phone number, two
        events of one id, and days that the calendar does not have.

    Example:
        >>> case_schema({})["properties"]["format"]
        {'const': 'kuanxian-case-1'}
    """
    events = [_event_schema(kind) for kind in KINDS]
    properties: dict[str, Any] = {
        "format": {"const": FORMAT},
        "country": {"type": "string", "pattern": "^[a-z]{2}$"},
        "at": _INSTANT,
        "about": {"type": "string", "maxLength": ABOUT_MAX},
        "lender": _table_schema(LENDER),
        **{
            key: {"type": "array", "maxItems": most, "items": _table_schema(fields)}
            for key, (fields, most) in LISTS.items()
        },
        "consents": {"type": "array", "maxItems": EVENTS_MAX, "items": _consent_schema()},
        "timeline": {"type": "array", "maxItems": EVENTS_MAX, "items": {"oneOf": events}},
        "complete": {"type": "array", "uniqueItems": True, "items": {"enum": list(GROUPS)}},
        "act": _table_schema(ACT),
        "facts": _table_schema(stated) | {"maxProperties": FACTS_MAX},
    }
    return {
        "$schema": _DIALECT,
        "title": "Kuanxian case file 1",
        "type": "object",
        "additionalProperties": False,
        "required": list(NEEDED),
        "properties": properties,
    }


def _event_schema(kind: str) -> dict[str, Any]:
    schema = _table_schema(COMMON | KINDS[kind].keys)
    schema["title"] = kind
    schema["description"] = f"{KINDS[kind].zh}。{KINDS[kind].en}"
    schema["properties"]["kind"] = {"const": kind}
    return schema


def _consent_schema() -> dict[str, Any]:
    keys = {key: field for key, field in COMMON.items() if key != "kind"}
    named = {("event" if key == "step" else key): f for key, f in KINDS["consent"].keys.items()}
    return _table_schema(keys | named)


def _table_schema(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, field in fields.items() if field.need],
        "properties": {key: _field_schema(field) for key, field in fields.items()},
    }


def _field_schema(field: Field) -> dict[str, Any]:
    described = {"description": f"{field.zh}。{field.en}"}
    match field.form:
        case "id" | "ref":
            return described | _ID
        case "word":
            return described | {"enum": list(field.values)}
        case "count":
            return described | {"type": "integer", "minimum": field.least, "maximum": field.most}
        case "flag":
            return described | {"type": "boolean"}
        case "instant":
            return described | _INSTANT
        case "day":
            return described | _DAY
        case "text":
            return described | _TEXT
    item = {"zones": _ZONE, "refs": _ID}.get(field.form, {"enum": list(field.values)})
    many = {"type": "array", "uniqueItems": True, "maxItems": field.most, "items": item}
    return described | many
