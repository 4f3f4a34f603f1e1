"""How does the customer pay? The last page of Oscar's checkout, with a choice of payment."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oscar.apps.checkout.views import PaymentDetailsView as OscarPaymentDetailsView
from shop import clock
from shop.checkout import payment


class PaymentDetailsView(OscarPaymentDetailsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("payment_form", payment.PaymentForm(self.request.user))
        return context

    def handle_payment_details_submission(self, request: HttpRequest) -> HttpResponse:
        form = payment.PaymentForm(request.user, request.POST)
        if not form.is_valid():
            return self.render_payment_details(request, payment_form=form)
        return self.render_preview(request, payment_choice=form.cleaned_data["payment"])

    def handle_place_order_submission(self, request: HttpRequest) -> HttpResponse:
        form = payment.PaymentForm(request.user, request.POST)
        if not form.is_valid():
            return self.render_payment_details(request, payment_form=form)
        return self.submit(**self.build_submission(payment_kwargs={"payment_choice": form.cleaned_data["payment"]}))

    def build_submission(self, **kwargs: Any) -> dict[str, Any]:
        submission: dict[str, Any] = super().build_submission(**kwargs)
        submission["order_kwargs"]["date_placed"] = clock.now()
        return submission

    def handle_payment(self, order_number: str, total: Any, **kwargs: Any) -> None:  # noqa: ARG002 - Oscar names it
        paid = payment.charge(self.request.user, kwargs["payment_choice"])
        self.add_payment_source(payment.source_of(paid, total.incl_tax, total.currency))
