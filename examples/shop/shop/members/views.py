"""Which number can we call? The one thing about a customer that Oscar's own pages have no form for."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from shop.members.models import User


class PhoneForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("phone",)


@login_required
def phone(request: HttpRequest) -> HttpResponse:
    form = PhoneForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("customer:profile-view")
    return render(request, "shop/form.html", {"form": form, "page_title": "電話番号", "active_tab": "profile"})
