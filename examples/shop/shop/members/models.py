"""Who is a customer? Oscar's user by e-mail address, with a telephone number and a language."""

from django.db import models
from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    phone = models.CharField("電話番号", max_length=32, blank=True)
    language = models.CharField("言語", max_length=8, default="ja")

    class Meta:
        verbose_name = "会員"
        verbose_name_plural = "会員"
