"""What do pages stand on? One style sheet, htmx and a few lines of our own script: files of this package, by name.

The address of a file carries a digest of its content, so that a browser may keep it and still never shows an old one.
"""

from gzip import compress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_OURS = (
    "portal.css",
    "portal.js",
    "icon.svg",
    "vendor/htmx.min.js",
    "desk.css",
    "desk_case.css",
    "desk_rules.css",
    "desk_book.css",
    "desk_work.css",
    "desk_door.js",
)


def _allauth() -> Path:
    """Where django-allauth lies: its script that speaks with passkeys is served as it came."""
    found = find_spec("allauth")
    return Path(*((found.submodule_search_locations or [""])[:1] if found else [""]))


FILES = {name: _FOLDER / name for name in _OURS} | {
    "allauth/webauthn-json.js": _allauth() / "mfa/static/mfa/js/webauthn-json.js",
    "allauth/webauthn.js": _allauth() / "mfa/static/mfa/js/webauthn.js",
}
_whole = {name: path.read_bytes() for name, path in FILES.items()}
_small = {name: compress(content, mtime=0) for name, content in _whole.items()}


def _address(name: str) -> str:
    return f"/static/{name}?{sha256(_whole[name]).hexdigest()[:12]}"


ADDRESSES = {
    "portal_css": _address("portal.css"),
    "portal_js": _address("portal.js"),
    "icon": _address("icon.svg"),
    "htmx_js": _address("vendor/htmx.min.js"),
    "desk_css": _address("desk.css"),
    "desk_case_css": _address("desk_case.css"),
    "desk_rules_css": _address("desk_rules.css"),
    "desk_book_css": _address("desk_book.css"),
    "desk_work_css": _address("desk_work.css"),
    "desk_door_js": _address("desk_door.js"),
    "webauthn_json_js": _address("allauth/webauthn-json.js"),
    "webauthn_js": _address("allauth/webauthn.js"),
}


@require_safe
def static(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files. 404 for any other name."""
    if name not in FILES:
        raise Http404
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if small:
        headers["Content-Encoding"] = "gzip"
    content = (_small if small else _whole)[name]
    return HttpResponse(content, content_type=_KINDS[FILES[name].suffix], headers=headers)
