"""Imported first, this leaves out what costs each process most of a second and serves nothing.

jsonschema, which nbformat imports, reads a whole grammar of internet addresses if a package with
one is installed, for a format that no notebook has. It does without the package where that
cannot be imported.
"""

from __future__ import annotations

import sys
from typing import cast

modules = cast("dict[str, object]", sys.modules)
modules.setdefault("rfc3987_syntax", None)
