"""What is there to buy? All goods on one page, straight from the table.

Oscar's own browsing needs a search server with facets; ten products do not.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.core.loading import get_model


def browse(request: HttpRequest) -> HttpResponse:
    products = get_model("catalogue", "Product").objects.browsable().prefetch_related("stockrecords").order_by("pk")
    return render(request, "shop/shelves.html", {"products": products})
