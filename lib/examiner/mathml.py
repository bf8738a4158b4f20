"""Formulas that a browser shows by itself: LaTeX turned into MathML.

Pages that load MathJax from the network show raw LaTeX offline; MathML needs nothing.
"""

from __future__ import annotations

from xml.etree import ElementTree

from latex2mathml.converter import convert

MOST_LATEX = 4_000
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = (
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom "
    "mfenced menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts none "
    "mtable mtr mtd mlabeledtr"
)
_ATTRIBUTES = (
    "display displaystyle scriptlevel mathvariant mathsize mathcolor stretchy fence separator "
    "form lspace rspace minsize maxsize symmetric largeop movablelimits accent accentunder "
    "linethickness bevelled notation columnalign columnlines columnspacing rowalign rowlines "
    "rowspacing frame width height depth voffset open close separators side"
)


def formula(latex: str, block: bool) -> str:
    """One formula as MathML in one line, or an empty string where it cannot be read.

    Links, styles and classes, which LaTeX can carry (`\\href`, `\\style`), are left out.
    """
    if len(latex) > MOST_LATEX:
        return ""
    try:
        markup = convert(latex.strip(), display="block" if block else "inline")
        root = ElementTree.fromstring(markup)
    except Exception:  # latex2mathml fails in many ways on what is no LaTeX
        return ""
    if not _plain(root):
        return ""
    ElementTree.register_namespace("", NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode").replace("\n", " ")


def _plain(root: ElementTree.Element) -> bool:
    """Take out attributes that do more than lay out; whether there are only known elements."""
    elements, attributes = _ELEMENTS.split(), _ATTRIBUTES.split()
    for element in root.iter():
        if element.tag.removeprefix(f"{{{NAMESPACE}}}") not in elements:
            return False
        for name in [name for name in element.attrib if name not in attributes]:
            del element.attrib[name]
    return True
