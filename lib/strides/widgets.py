"""Sliders around `draw` functions, shown so that an export without JavaScript still reads whole."""

from collections.abc import Callable
from dataclasses import replace

from IPython.display import display
from ipywidgets import HTML, FloatSlider, Layout, VBox

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
        style={"description_width": "11em"},
        layout=Layout(width="100%", max_width="560px"),
    )


class Explorer(VBox):
    """Sliders above a picture that is drawn anew whenever one of them moves."""

    def __init__(self, picture_of: Callable[..., Picture], sliders: dict[str, FloatSlider]) -> None:
        self.picture_of = picture_of
        self.sliders = sliders
        self.view = HTML(layout=Layout(width="100%", max_width="560px"))
        super().__init__([*sliders.values(), self.view])
        for one in sliders.values():
            one.observe(lambda change: self.redraw(), names="value")
        self.redraw()

    def redraw(self) -> None:
        """Draw the picture for where the sliders stand now."""
        values = {name: one.value for name, one in self.sliders.items()}
        self.picture: Picture = self.picture_of(**values)
        self.view.value = self.picture._repr_html_()

    def bundle(self) -> dict[str, object]:
        """The widget, and beside it the same picture as plain HTML and as words."""
        moves = "; ".join(
            f"{s.description} ({s.min:g} to {s.max:g})" for s in self.sliders.values()
        )
        note = f"Run this notebook to move the sliders: {moves}."
        caption = f"{self.picture.caption} {note}".strip()
        return {
            WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
            "text/html": replace(self.picture, caption=caption)._repr_html_(),
            "text/plain": self.picture.alt,
        }

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self.bundle()


def explore(picture_of: Callable[..., Picture], **sliders: FloatSlider) -> Explorer:
    """Let sliders drive a function that draws: each keyword names one of its arguments.

    `picture_of(**values)` takes the sliders' values as floats and returns a Picture.
    """
    return Explorer(picture_of, sliders)


def show(explorer: Explorer) -> None:
    """Display sliders and picture where widgets run, and the picture alone where they do not."""
    display({"application/javascript": NAME_THE_SLIDERS, "text/plain": ""}, raw=True)
    display(explorer.bundle(), raw=True)
