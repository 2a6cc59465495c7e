"""Ombud."""
