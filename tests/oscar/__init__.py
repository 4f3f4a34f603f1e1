"""Tests of the plugin in a real django-oscar shop."""
