"""The part of nbgrader's configuration that keeps what students hand in harmless."""

from __future__ import annotations

from traitlets.config import Config


def intake_settings() -> Config:
    """How submissions are collected, and how Formgrader and feedback pages show them.

    `c.HTMLExporter` reaches Formgrader's view of a submission, which has no setting of its own.
    """
    config = Config()
    config.ExchangeFactory.collect = "examiner.course.collect.SafeCollect"
    config.HTMLExporter.filters = {"markdown2html": "examiner.markdown.markdown_to_html"}
    config.HTMLExporter.preprocessors = ["examiner.page.CleanView"]
    return config
