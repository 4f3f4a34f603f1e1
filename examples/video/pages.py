"""What does a customer see and do? Sign in, watch, look after the account, sign out; a television set only plays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from . import customers, links, sessions, televisions
from .customers import FIELDS, ValueRefused
from .database import transaction
from .events import EventType
from .sessions import NotLetIn, Session
from .visit import DEVICE_COOKIE
from .web import database, visit, wake_outbox

SESSION_COOKIE = "video_session"
FOREVER = 400 * 24 * 3600
FILM = {"title": "海辺の図書館", "minutes": 112}
# One sentence for every reason: nobody learns from it whether the address is a customer's or the account is frozen.
NOT_LET_IN = "サインインできませんでした。メールアドレスとパスワードをお確かめください。"

blueprint = Blueprint("pages", __name__)


@blueprint.after_request
def remember_device(response: Response) -> Response:
    """Every browser gets its lasting name at its first page, so that a failed sign-in has one too."""
    if DEVICE_COOKIE not in request.cookies and "visit" in g:
        _set_cookie(response, DEVICE_COOKIE, visit().device_cookie)
    return response


@blueprint.get("/")
def front() -> ResponseReturnValue:
    return redirect(url_for("pages.watch"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET":
        visit()
        return render_template("sign_in.html", message="")
    form = request.form
    trust = form.get("trust") == "on"
    token = sessions.sign_in(database(), visit(), form.get("email", ""), form.get("password", ""), trust=trust)
    wake_outbox()
    if isinstance(token, NotLetIn):
        return render_template("sign_in.html", message=NOT_LET_IN), 403
    return _let_in(token)


@blueprint.get("/link/<token>")
def show_link(token: str) -> ResponseReturnValue:
    """Only the button signs in, so that a mail scanner or a preview that opens the address does not use it up."""
    return render_template("link.html", token=token)


@blueprint.post("/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    session = links.use_link(database(), visit(), token)
    wake_outbox()
    if session is None:
        return render_template("sign_in.html", message="このリンクはもう使えません。"), 403
    return _let_in(session)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    with _own_account() as session:
        sessions.sign_out(database(), visit(), session)
    response = redirect(url_for("pages.sign_in"), code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@blueprint.get("/watch")
def watch() -> ResponseReturnValue:
    session = _session()
    if session is None:
        return redirect(url_for("pages.sign_in"))
    return render_template("watch.html", film=FILM, customer=session.customer)


@blueprint.get("/api/watch")
def api_watch() -> ResponseReturnValue:
    """What a television set plays: `Authorization: Bearer <token>`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    customer = televisions.television_of(database(), visit(), token.strip()) if scheme == "Bearer" else None
    wake_outbox()
    if customer is None:
        return jsonify(error="This television set is not paired."), 401
    return jsonify(film=FILM["title"], minutes=FILM["minutes"])


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    session = _session()
    return redirect(url_for("pages.sign_in")) if session is None else _account_page(session)


@blueprint.post("/account/fields")
def change_fields() -> ResponseReturnValue:
    try:
        with _own_account() as session:
            teller = visit().teller(session.id)
            for field in FIELDS:
                if field in request.form:
                    customers.change_field(database(), teller, session.customer, field, request.form[field])
    except ValueRefused:
        abort(400, "この内容では保存できません。")
    return _back_to_account()


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    session = _session()
    if session is None:
        return redirect(url_for("pages.sign_in"), code=303)
    if not session.customer.has_password(request.form.get("current", "")):
        abort(403, "いまのパスワードが違います。")
    try:
        hashed = customers.hash_password(request.form.get("new"))
    except ValueRefused:
        abort(400, f"パスワードは{customers.SHORTEST_PASSWORD}文字以上にしてください。")
    with _own_account() as session:
        customers.change_password(database(), visit().teller(session.id), session.customer.id, hashed)
    return _back_to_account()


@blueprint.post("/account/televisions")
def add_television() -> ResponseReturnValue:
    with _own_account() as session:
        token = televisions.add_television(database(), visit(), session, request.form.get("name", ""))
    return _account_page(session, token=token), 201


@blueprint.post("/account/links")
def make_link() -> ResponseReturnValue:
    with _own_account() as session:
        token = links.make_link(database(), visit(), session)
    return _account_page(session, link=url_for("pages.show_link", token=token, _external=True)), 201


@blueprint.post("/account/<any(api_tokens, trusted_devices):collection>/<item_id>/remove")
def remove_item(collection: str, item_id: str) -> ResponseReturnValue:
    with _own_account() as session:
        rows = database().execute(
            f"DELETE FROM {collection} WHERE customer = ? AND id = ? RETURNING value",  # noqa: S608 - one of two
            (session.customer.id, item_id),
        )
        for row in rows.fetchall():
            before = json.loads(row["value"])
            teller = visit().teller(session.id)
            teller.tell(
                database(),
                EventType.ITEM_REMOVED,
                session.customer.id,
                collection=collection,
                id=item_id,
                before=before,
            )
    return _back_to_account()


def _session() -> Session | None:
    return sessions.session_of(database(), request.cookies.get(SESSION_COOKIE, ""), visit().now)


@contextmanager
def _own_account() -> Iterator[Session]:
    """A transaction in which the visitor's session is live; without one they are sent to sign in."""
    with transaction(database()):
        session = _session()
        if session is None:
            abort(redirect(url_for("pages.sign_in"), code=303))
        yield session
    wake_outbox()


def _let_in(token: str) -> BaseResponse:
    response = redirect(url_for("pages.watch"), code=303)
    _set_cookie(response, SESSION_COOKIE, token)
    return response


def _set_cookie(response: BaseResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=FOREVER, httponly=True, samesite="Lax", secure=request.is_secure)


def _back_to_account() -> ResponseReturnValue:
    return redirect(url_for("pages.account"), code=303)


def _account_page(session: Session, *, token: str = "", link: str = "") -> str:
    items = {
        collection: [
            {"id": row["id"], **json.loads(row["value"])}
            for row in database().execute(
                f"SELECT id, value FROM {collection} WHERE customer = ? ORDER BY id",  # noqa: S608 - one of two
                (session.customer.id,),
            )
        ]
        for collection in ("api_tokens", "trusted_devices")
    }
    return render_template("account.html", customer=session.customer, items=items, token=token, link=link)
