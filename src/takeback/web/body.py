"""What did a request bring? Its body, read no further than it may be long."""

from http import HTTPStatus

from django.http import HttpRequest

from takeback.web.problem import Refused


def read_body(request: HttpRequest, most: int, too_large: str) -> bytes:
    """The body, at most `most` bytes. `Refused`: 413 with the sentence `too_large`, 411 without a length."""
    if "CONTENT_LENGTH" not in request.META and "HTTP_TRANSFER_ENCODING" in request.META:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "say the length of the body in Content-Length")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length is not a number") from None
    parts = bytearray()
    while part := request.read(most + 1 - len(parts)):
        parts += part
        if len(parts) > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    return bytes(parts)
