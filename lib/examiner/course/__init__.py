"""The instructor's loop on nbgrader: release, collect, autograde, feedback, export.

nbgrader keeps the books. What differs from its defaults is named in one place,
`settings.grading_settings`, and reaches nbgrader through its own configuration.
"""
