"""Which cards are saved? Shown by their last four digits; a new number goes to the payment partner and stays there."""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from oscar.core.loading import get_class, get_model

BankcardForm = get_class("payment.forms", "BankcardForm")
Bankcard = get_model("payment", "Bankcard")


@login_required
def show(request: HttpRequest, form: Any = None) -> HttpResponse:
    context = {
        "cards": request.user.bankcards.order_by("pk"),
        "form": form or BankcardForm(),
        "page_title": "クレジットカード",
        "active_tab": "cards",
    }
    return render(request, "shop/cards.html", context, status=200 if form is None else 422)


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    form = BankcardForm(request.POST)
    if not form.is_valid():
        return show(request, form)
    card = form.bankcard
    card.user = request.user
    card.partner_reference = _tokenize()
    card.save()
    return redirect("cards:list")


def _tokenize() -> str:
    """What a payment partner would give back for the number. This stand-in never looks at the number."""
    return f"tok_{secrets.token_hex(12)}"


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Bankcard, pk=pk, user=request.user).delete()
    return redirect("cards:list")
