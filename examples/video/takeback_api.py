"""How does Takeback reach this service? `capabilities`, `accounts/{id}`, `actions`: docs/reference/shop-api.md."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
from flask import Blueprint, Response, current_app, jsonify, request
from standardwebhooks import Webhook

from . import customers
from .customers import FIELDS, ValueRefused
from .database import transaction
from .events import by_takeback
from .takeback_actions import ACTIONS, COLLECTIONS, Answer, Deed, Outcome, account
from .web import database, wake_outbox

blueprint = Blueprint("takeback", __name__, url_prefix="/takeback")
# What an action cannot be understood without, and of which kind; actions that are not here take no arguments.
ARGS: dict[str, dict[str, type]] = {
    "set_password": {"password": str},
    "set_field": {"field": str, "value": object},
    "add_item": {"collection": str, "id": str, "value": dict},
    "remove_item": {"collection": str, "id": str},
}


class ActionBody(msgspec.Struct, frozen=True):
    """The body of `POST actions`."""

    id: str
    account: str
    action: str
    args: dict[str, Any] = {}


class NotOfThisForm(Exception):
    """A body that is not of the contract's form; the sentence says what and where."""


@blueprint.before_request
def check_signature() -> Response | None:
    """401 and nothing else for a wrong, missing or old signature."""
    webhook: Webhook = current_app.config["WEBHOOK"]
    signed = _signed_text()
    try:
        webhook.verify(signed, dict(request.headers), json_parse=False)
    except Exception:
        # The verifier has many ways to fail on a hostile header; every one of them means: not signed by Takeback.
        return Response(status=401)
    return None


@blueprint.errorhandler(NotOfThisForm)
def bad_request(error: NotOfThisForm) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> tuple[Response, int]:
    return jsonify(error=f"The body is longer than {current_app.config['MAX_CONTENT_LENGTH']} bytes."), 413


@blueprint.get("/capabilities")
def capabilities() -> Response:
    return jsonify(
        actions=list(ACTIONS), fields=list(FIELDS), collections=list(COLLECTIONS), balances=[], order_fields=[]
    )


@blueprint.get("/accounts/<path:account_id>")
def read_account(account_id: str) -> Response | tuple[Response, int]:
    db = database()
    with transaction(db):
        customer = customers.by_id(db, account_id)
        if customer is None:
            return jsonify(error="There is no such account here."), 404
        return jsonify(account(db, customer, datetime.now(UTC).isoformat()))


@blueprint.post("/actions")
def act() -> Response:
    body = _parse(request.get_data())
    answer = _carry_out(database(), body)
    wake_outbox()
    return jsonify(id=body.id, outcome=answer.outcome, reason=answer.reason)


@blueprint.get("/actions/<path:action_id>")
def read_outcome(action_id: str) -> Response | tuple[Response, int]:
    row = database().execute("SELECT outcome, reason FROM actions WHERE id = ?", (action_id,)).fetchone()
    if row is None:
        return jsonify(error="No action of this id has come here."), 404
    return jsonify(id=action_id, outcome=row["outcome"], reason=row["reason"])


def _signed_text() -> bytes:
    if request.get_data():
        return request.get_data()
    below = request.path.removeprefix("/takeback/")
    first, _, rest = below.partition("/")
    # An id with a slash in it was one quoted piece of the path when it was signed.
    path = f"/{first}/{quote(rest, safe='')}" if rest else f"/{first}"
    return f"{request.method} {path}".encode()


def _parse(raw: bytes) -> ActionBody:
    try:
        body = msgspec.json.decode(raw, type=ActionBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotOfThisForm(f"The body is not an action: {error}.") from error
    if not 0 < len(body.id) <= 200:
        raise NotOfThisForm("The body is not an action: `id` has 1 to 200 characters.")
    if body.id != request.headers["webhook-id"]:
        raise NotOfThisForm("The body's `id` is not the `webhook-id` that was signed.")
    for name, kind in ARGS.get(body.action, {}).items():
        if name not in body.args:
            raise NotOfThisForm(f"The action {body.action} lacks `{name}` in `args`.")
        if not isinstance(body.args[name], kind):
            raise NotOfThisForm(f"The action {body.action} has an `{name}` in `args` of the wrong kind.")
    return body


def _carry_out(db: sqlite3.Connection, body: ActionBody) -> Answer:
    hashed, refusal = "", None
    if body.action == "set_password":
        try:
            hashed = customers.hash_password(body.args["password"])
        except ValueRefused as refused:
            refusal = Answer(Outcome.IMPOSSIBLE, refused.reason)
    with transaction(db):
        before = db.execute("SELECT digest, outcome, reason FROM actions WHERE id = ?", (body.id,)).fetchone()
        if before:
            return _repeated(before, body)
        answer = refusal or _answer(db, body, hashed)
        db.execute(
            "INSERT INTO actions (id, digest, outcome, reason) VALUES (?, ?, ?, ?)",
            (body.id, _digest(body), answer.outcome, answer.reason),
        )
        return answer


def _answer(db: sqlite3.Connection, body: ActionBody, hashed: str) -> Answer:
    effect = ACTIONS.get(body.action)
    if effect is None:
        return Answer(Outcome.IMPOSSIBLE, "action.unsupported")
    customer = customers.by_id(db, body.account)
    if customer is None:
        return Answer(Outcome.IMPOSSIBLE, "account.unknown")
    teller = by_takeback(datetime.now(UTC), body.id, body.action)
    return effect(Deed(db, teller, customer, body.action, body.args, hashed))


def _repeated(before: sqlite3.Row, body: ActionBody) -> Answer:
    if before["digest"] != _digest(body):
        return Answer(Outcome.IMPOSSIBLE, "action.id_reused")
    if before["outcome"] == Outcome.IMPOSSIBLE:
        return Answer(Outcome.IMPOSSIBLE, before["reason"])
    return Answer(Outcome.ALREADY_DONE)


def _digest(body: ActionBody) -> str:
    # Not even the digest of a password is kept.
    args = {name: value for name, value in body.args.items() if name != "password"}
    meaning = json.dumps([body.account, body.action, args], sort_keys=True)
    return hashlib.sha256(meaning.encode()).hexdigest()
