"""Controls around `draw` functions, shown so that an export without JavaScript reads whole."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any, TypeAlias

from IPython.display import display
from ipywidgets import (
    HTML,
    Checkbox,
    FloatSlider,
    IntSlider,
    Layout,
    SelectionSlider,
    Text,
    VBox,
    dlink,
)

from strides.draw import Picture

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# ipywidgets draws a slider's label beside it, but gives the handle no accessible name.
# This copies the label; it watches the page, since sliders appear after this script has run.
NAME_THE_SLIDERS = """
(() => {
  const give = (part, name) => { if (!part.ariaLabel) part.ariaLabel = name; };
  const name = () => {
    for (const slider of document.querySelectorAll(".widget-slider")) {
      const label = slider.querySelector(".widget-label")?.textContent;
      if (!label) continue;
      slider.querySelectorAll('[role="slider"]').forEach(handle => give(handle, label));
      slider.querySelectorAll(".widget-readout").forEach(box => {
        slider.querySelectorAll('[role="slider"]').forEach(handle =>
          handle.setAttribute("aria-valuetext", box.textContent));
        box.setAttribute("role", "textbox");
        give(box, label + ", value");
      });
    }
  };
  name();
  if (window.stridesNamesSliders) return;
  window.stridesNamesSliders = true;
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; name(); });
  }).observe(document.body, { childList: true, subtree: true });
})();
"""


_LOOK: dict[str, Any] = {
    "style": {"description_width": "11em"},
    "layout": {"width": "100%", "max_width": "560px"},
}


def slider(label: str, low: float, high: float, *, value: float, step: float = 0.1) -> FloatSlider:
    """A slider from low to high, in steps; its label is also its name for a screen reader.

    Raises ValueError where value lies outside [low, high].
    """
    if not low <= value <= high:
        raise ValueError(f"value: expected a number from {low} to {high}; received {value}")
    return FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        tooltip=label,
        readout_format=".2f",
        **_LOOK,
    )


def whole(label: str, low: int, high: int, *, value: int) -> IntSlider:
    """A slider over whole numbers, one a step: the arrow keys walk along them.

    Raises ValueError where value lies outside [low, high].
    """
    if not low <= value <= high:
        raise ValueError(f"value: expected a number from {low} to {high}; received {value}")
    return IntSlider(value=value, min=low, max=high, description=label, tooltip=label, **_LOOK)


def choice(
    label: str, options: Mapping[str, object] | list[str], *, fills: "Entry | None" = None
) -> SelectionSlider:
    """A slider along named options, the first at the start; `fills` writes them into an entry.

    A slider and not a list to drop down, since JupyterLab keeps the arrow keys of lists for itself.
    """
    listed = list(options.items()) if isinstance(options, Mapping) else options
    slide = SelectionSlider(options=listed, description=label, **_LOOK)
    if fills is not None:
        dlink((slide, "value"), (fills, "value"))
    return slide


def switch(label: str, *, value: bool = False) -> Checkbox:
    """A box to tick: its value is True or False."""
    return Checkbox(value=value, description=label, indent=True, **_LOOK)


class Entry(Text):
    """A line to type in, and the function that makes a value of it."""

    def __init__(self, read: Callable[[str], object], **settings: Any) -> None:
        self.read = read
        super().__init__(**settings)


def entry(label: str, value: str, read: Callable[[str], object]) -> Entry:
    """A line to type in; `read(text)` returns its value, or raises ValueError with what to mend."""
    read(value)
    return Entry(read, value=value, description=label, continuous_update=True, **_LOOK)


def matrix(label: str, value: str, rows: int = 3, columns: int = 3) -> Entry:
    """A line for a small matrix, row after row with a slash between: "1 0 / 0 1"."""
    return entry(label, value, lambda text: read_matrix(text, rows, columns))


def read_matrix(text: str, rows: int, columns: int) -> list[list[float]]:
    """The rows of "1 0 / 0 1"; a minus sign may be a true one, "\u2212".

    Raises ValueError where it does not hold as many finite numbers.
    """
    asked = f"expected {rows} rows of {columns} numbers, with a / between the rows"
    found = [row.split() for row in text.replace("\u2212", "-").split("/")]
    lengths = [len(row) for row in found]
    if lengths != [columns] * rows:
        raise ValueError(f"{asked}; received rows of {', '.join(map(str, lengths))}")
    try:
        numbers = [[float(number) for number in row] for row in found]
    except ValueError:
        raise ValueError(f"{asked}; received {text!r}") from None
    if not all(math.isfinite(number) for row in numbers for number in row):
        raise ValueError(f"{asked}, all finite; received {text!r}")
    return numbers


Control: TypeAlias = FloatSlider | IntSlider | SelectionSlider | Checkbox | Entry


class Explorer(VBox):
    """Controls above a picture that is drawn anew whenever one of them changes."""

    def __init__(
        self,
        picture_of: Callable[..., Picture],
        controls: Mapping[str, Control],
        above: tuple[Control, ...] = (),
        most: Mapping[str, Callable[..., int]] | None = None,
    ) -> None:
        self.picture_of, self.controls, self.most = picture_of, dict(controls), dict(most or {})
        self.above = above
        self.settling = False
        self.note = HTML()
        self.view = HTML(layout=Layout(width="100%", max_width="560px"))
        entries = [self.note] if any(isinstance(c, Entry) for c in controls.values()) else []
        super().__init__([*above, *controls.values(), *entries, self.view])
        self.add_class("strides-explorer")
        for control in controls.values():
            control.observe(lambda change: self.redraw(), names="value")
        self.redraw()

    @property
    def sliders(self) -> dict[str, FloatSlider | IntSlider]:
        """Those of the controls that are sliders."""
        kinds = (FloatSlider, IntSlider)
        return {name: c for name, c in self.controls.items() if isinstance(c, kinds)}

    def redraw(self) -> None:
        """Draw the picture for where the controls stand; where a text is no value, say why."""
        if self.settling:
            return
        try:
            values = {name: _value(c) for name, c in self.controls.items() if name not in self.most}
        except ValueError as error:
            self.note.value = f'<p role="status">{escape(str(error))}</p>'
            return
        self.note.value = ""
        self.settling = True
        for name, most_of in self.most.items():
            _limit(self.controls[name], most_of(**values))
        self.settling = False
        values |= {name: _value(self.controls[name]) for name in self.most}
        self.picture: Picture = self.picture_of(**values)
        self.view.value = self.picture._repr_html_()

    def bundle(self) -> dict[str, object]:
        """The widget, and beside it the same picture as plain HTML and as words."""
        caption = f"{self.picture.caption} {self.invitation()}".strip()
        return {
            WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
            "text/html": replace(self.picture, caption=caption)._repr_html_(),
            "text/plain": self.picture.alt,
        }

    def invitation(self) -> str:
        """What a reader of an export is missing."""
        sliders = self.sliders.values()
        moves = [f"{s.description} ({s.min:g} to {s.max:g})" for s in sliders]
        others = [c for c in (*self.above, *self.controls.values()) if c not in sliders]
        names = [c.description for c in others]
        what = "use the controls" if names else "move the sliders"
        return f"Run this notebook to {what}: {'; '.join(names + moves)}."

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self.bundle()


def _value(control: Control) -> Any:
    return control.read(control.value) if isinstance(control, Entry) else control.value


def _limit(control: Control, most: int) -> None:
    """Let a slider end at `most`; one with a single place left stays there, switched off."""
    control.value = min(control.value, max(most, control.min))
    control.max = max(most, control.min + 1)  # the browser's slider needs two places
    control.disabled = most <= control.min


def explore(
    picture_of: Callable[..., Picture],
    *above: Control,
    most: Mapping[str, Callable[..., int]] | None = None,
    **controls: Control,
) -> Explorer:
    """Let controls drive a function that draws: each keyword names one of its arguments.

    `picture_of(**values)` takes the controls' values and returns a Picture. Controls without a
    keyword stand above the others and are not passed on. `most` gives, for some of the sliders,
    a function of the other values that returns where the slider ends.
    """
    return Explorer(picture_of, controls, above, most)


def show(explorer: Explorer) -> None:
    """Display sliders and picture where widgets run, and the picture alone where they do not."""
    display({"application/javascript": NAME_THE_SLIDERS, "text/plain": ""}, raw=True)
    display(explorer.bundle(), raw=True)
