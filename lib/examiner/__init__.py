"""What only instructors have: exams, mistakes, the command line."""

from __future__ import annotations

from .examine import examine

__all__ = ["examine"]
