"""What is said where there is nothing? The same for every such address, in the look of the part that was asked for."""

from django.http import HttpRequest, HttpResponse

from takeback.web.desk.entry import not_found as not_at_the_desk
from takeback.web.desk.entry import not_granted as not_granted
from takeback.web.portal.shown import not_found as not_at_the_portal


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    at_the_desk = request.path == "/desk" or request.path.startswith("/desk/")
    return (not_at_the_desk if at_the_desk else not_at_the_portal)(request, exception)
