"""What does the shop answer Takeback? The four addresses of the shop API: signed, small, as JSON."""

import json
import logging
from typing import Any
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import close_old_connections
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.urls import Resolver404, get_resolver

from takeback_oscar import readback, signing
from takeback_oscar.actions import ACTIONS, carry_out
from takeback_oscar.conf import conf
from takeback_oscar.models import ActionRecord

logger = logging.getLogger("takeback_oscar")


class BadRequest(Exception):
    """The request is not of the form that it should have."""


def answer(request: HttpRequest, path: str) -> JsonResponse:
    """Every request under the base comes through here: size, signature, address, then the view."""
    try:
        body = _body(request)
        if body is None:
            return JsonResponse({"error": f"The body is longer than {conf().max_body} bytes."}, status=413)
        if not signing.is_genuine(request, _as_signed(path), body):
            return JsonResponse({"error": "unauthorized"}, status=401)
        match = get_resolver("takeback_oscar.urls").resolve(path)
        response: JsonResponse = match.func(request, *match.args, **match.kwargs)
    except Resolver404:
        return JsonResponse({"error": "There is nothing at this address."}, status=404)
    except BadRequest as problem:
        return JsonResponse({"error": str(problem)}, status=400)
    except Exception:
        # The action has been rolled back; the same id may be sent again.
        logger.exception("A request of Takeback's failed")
        close_old_connections()
        return JsonResponse({"error": "The shop could not do this now."}, status=500)
    return response


def _as_signed(path: str) -> str:
    """The path as it was sent: an id with a slash in it was one quoted piece."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{quote(first)}/{quote(rest, safe='')}" if rest else f"/{quote(first)}"


def _body(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too long. Never reads more than one byte past the limit."""
    limit = conf().max_body
    try:
        body: bytes = request.read(limit + 1)
    except (UnreadablePostError, RawPostDataException):
        raise BadRequest("The body broke off.") from None
    if len(body) > limit:
        return None
    request._takeback_body = body  # type: ignore[attr-defined]
    return body


def _wants(request: HttpRequest, method: str) -> None:
    if request.method != method:
        raise BadRequest(f"This address takes {method} requests only.")


def capabilities(request: HttpRequest) -> JsonResponse:
    _wants(request, "GET")
    return JsonResponse(readback.capabilities())


def account(request: HttpRequest, account: str) -> JsonResponse:
    _wants(request, "GET")
    user = find_user(account)
    if user is None:
        return JsonResponse({"error": "There is no such account."}, status=404)
    return JsonResponse(readback.account(user), json_dumps_params={"ensure_ascii": False})


def outcome(request: HttpRequest, action_id: str) -> JsonResponse:
    _wants(request, "GET")
    record = ActionRecord.objects.filter(pk=action_id).first()
    if record is None:
        return JsonResponse({"error": "No action with this id was carried out."}, status=404)
    return JsonResponse({"id": record.pk, "outcome": record.outcome, "reason": record.reason})


def act(request: HttpRequest) -> JsonResponse:
    _wants(request, "POST")
    asked = _asked(request)
    return JsonResponse(carry_out(**asked))


def _asked(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request._takeback_body)  # type: ignore[attr-defined]
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(said, dict):
        raise BadRequest("The body is not a JSON object.")
    args = said.get("args", {})
    for key in ("id", "account", "action"):
        if not isinstance(said.get(key), str) or not 0 < len(said[key]) <= 200:
            raise BadRequest(f"{key!r} is not a text of 1 to 200 characters.")
    if not isinstance(args, dict):
        raise BadRequest("'args' is not an object.")
    if request.headers.get("webhook-id") != said["id"]:
        raise BadRequest("The header webhook-id is not the action's id.")
    if said["action"] in ACTIONS:
        _check_args(said["action"], args)
    return {"action_id": said["id"], "account": said["account"], "action": said["action"], "args": args}


def _check_args(action: str, args: dict[str, Any]) -> None:
    for name, kind in ACTIONS[action].args.items():
        if name not in args:
            raise BadRequest(f"{action} needs the argument {name!r}.")
        if not isinstance(args[name], kind):
            raise BadRequest(f"The argument {name!r} of {action} has the wrong type.")
    cards = args.get("cards")
    if cards is not None and not (isinstance(cards, list) and all(isinstance(card, str) for card in cards)):
        raise BadRequest("'cards' is not a list of card ids.")


def find_user(account: str) -> Any | None:
    """The user with this account id, or None, also for an id that no user could have."""
    try:
        return get_user_model()._default_manager.filter(pk=account).first()
    except (ValueError, ValidationError, OverflowError):
        return None
