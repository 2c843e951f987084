"""A client of the interface for programs: typed, and with nothing but Python's own library.

    client = Client("http://127.0.0.1:8080", token="yct_…")
    for case in client.pages("/cases", Case):
        print(case["number"], case["state"])

What the server refuses is raised as a Problem. A POST of an object carries an Idempotency-Key of its own, so that what
takes effect once can be sent again when an answer was lost; after a 429 the client waits as long as it is told.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, TypeVar, cast

Answer = str | list[str] | list[dict[str, str | list[str]]]


class Question(TypedDict):
    field: str
    state: str
    required: bool
    example: Answer | None


class Form(TypedDict):
    complete: bool
    answered: int
    needed: int
    questions: list[Question]


class Draft(TypedDict):
    id: str
    form: Form
    missing: list[str]
    ready: bool


class Clock(TypedDict):
    kind: str
    due_on: str
    days_left: int
    colour: str


class Matter(TypedDict):
    item: str
    state: str
    clocks: list[Clock]


class Case(TypedDict):
    number: str
    thing: str
    state: str


class CaseWithMatters(Case):
    matters: list[Matter]


class Task(TypedDict):
    number: str
    item: str
    step: str
    kind: str
    due_at: str | None


Item = TypeVar("Item")


@dataclass
class Problem(Exception):
    """What the server refused, and what to do next (RFC 9457)."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail} {self.errors or ''}"


class Client:
    def __init__(self, site: str, token: str | None = None, language: str = "en", patience_seconds: float = 120) -> None:
        self.base = site.rstrip("/") + "/api/v1"
        self.token = token
        self.language = language
        self.patience_seconds = patience_seconds

    def get(self, path: str, **query: str | int) -> Any:
        return self._send("GET", path, query)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._send("POST", path, {}, body, key=str(uuid.uuid4()))

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._send("PATCH", path, {}, body)

    def upload(self, path: str, content: bytes, **query: str) -> Any:
        return self._send("POST", path, query, content)

    def pages(self, path: str, kind: type[Item], **query: str | int) -> Iterator[Item]:
        """Every item of a list, page by page."""
        while True:
            page = self.get(path, **query)
            yield from cast("list[Item]", page["items"])
            if page["next_cursor"] is None:
                return
            query = {**query, "cursor": page["next_cursor"]}

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: Mapping[str, Any] | bytes | None = None,
        key: str | None = None,
    ) -> Any:
        url = self.base + urllib.parse.quote(path)
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data: bytes | None = None
        if isinstance(body, bytes):
            data, headers["Content-Type"] = body, "application/octet-stream"
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        until = time.monotonic() + self.patience_seconds
        while True:
            request = urllib.request.Request(url, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                wait = float(error.headers.get("Retry-After") or 1)
                if error.code == 429 and time.monotonic() + wait < until:
                    time.sleep(wait)
                    continue
                told = json.load(error)
                raise Problem(told["status"], told["code"], told["title"], told["detail"], told.get("errors", [])) from None


def verified(secret: str, headers: Mapping[str, str], body: bytes, tolerance_seconds: int = 300) -> dict[str, Any]:
    """The message of a webhook, if it was signed with this secret and is not an old one sent again by somebody else."""
    told = {name.lower(): value for name, value in headers.items()}
    identifier, at = told["webhook-id"], told["webhook-timestamp"]
    if abs(time.time() - int(at)) > tolerance_seconds:
        raise ValueError("the message is too old, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{identifier}.{at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(signed).decode()
    if not any(hmac.compare_digest(expected, each) for each in told["webhook-signature"].split(" ")):
        raise ValueError("the signature is not the sender's")
    return cast("dict[str, Any]", json.loads(body))
