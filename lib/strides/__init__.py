"""Strides: a ConvNet course and the small library behind it."""
