"""What varies from picture to picture besides the solid, and by how much."""

from dataclasses import dataclass, fields, replace
from numbers import Real


@dataclass(frozen=True)
class Knobs:
    """How much each nuisance varies between images, from 0 (not at all) to 1 (fully).

    pose: how far the solid turns away from its upright three-quarter view; 1 is any rotation.
    scale: how much its size varies. position: how far it leaves the centre; 1 is half the way
    to the border. light: direction and strength of the lamp. colour: colour of the solid.
    texture: strength of the pattern on its surface. background: colour and pattern behind it.
    clutter: how many flat shapes lie behind it, and in front of it. noise: of the sensor;
    1 is a standard deviation of 31 grey levels.

    Raises ValueError for a value outside [0, 1].
    """

    pose: float = 0.0
    scale: float = 0.0
    position: float = 0.0
    light: float = 0.0
    colour: float = 0.0
    texture: float = 0.0
    background: float = 0.0
    clutter: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, Real) or not 0 <= float(value) <= 1:
                raise ValueError(
                    f"{field.name}: expected a number from 0 (fixed) to 1 (varies fully); "
                    f"received {value!r}; try 0.5"
                )
            object.__setattr__(self, field.name, float(value))

    def but(self, **changes: float) -> "Knobs":
        """The same knobs with some of them changed; raises ValueError for an unknown knob."""
        unknown = sorted(set(changes) - set(KNOB_NAMES))
        if unknown:
            raise ValueError(
                f"knob: expected one of {', '.join(KNOB_NAMES)}; received {unknown[0]!r}; "
                f"try help(Knobs)"
            )
        return replace(self, **changes)


KNOB_NAMES = tuple(field.name for field in fields(Knobs))

LEVELS = {
    "easy": Knobs(
        pose=0.3,
        scale=0.4,
        position=0.2,
        light=0.3,
        colour=0.4,
        background=0.3,
        noise=0.2,
    ),
    "medium": Knobs(
        pose=0.5,
        scale=0.5,
        position=0.3,
        light=0.5,
        colour=0.5,
        texture=0.4,
        background=0.5,
        clutter=0.3,
        noise=0.25,
    ),
    "hard": Knobs(
        pose=1.0,
        scale=1.0,
        position=0.5,
        light=1.0,
        colour=1.0,
        texture=0.8,
        background=1.0,
        clutter=0.7,
        noise=0.3,
    ),
}
