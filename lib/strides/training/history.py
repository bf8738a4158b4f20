"""What a run of training writes down."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """One pass over the training set, and what it came to; None where nothing was measured.

    train_loss is the mean over the batches as they came by, so it lags behind the net; val_loss and
    val_score are measured at the end. learning_rate is that of the last step.
    """

    number: int  # from 1
    train_loss: float
    val_loss: float | None
    val_score: float | None
    learning_rate: float
    seconds: float


@dataclass
class History:
    """The loss of every step, a row for every epoch, and why the run ended.

    stopped: "", while it runs or can go on, "done", "early" (no improvement any more),
    "interrupted" (by hand), or the reason that a callback gave.
    """

    losses: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    stopped: str = ""

    def column(self, name: str) -> list[Any]:
        """One column of the epochs, such as "val_score"; AttributeError for another name."""
        return [getattr(epoch, name) for epoch in self.epochs]

    def as_dict(self) -> dict[str, Any]:
        """The same in lists and dicts, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "History":
        """The history that `as_dict` was called on."""
        epochs = [Epoch(**epoch) for epoch in values["epochs"]]
        return cls(values["losses"], values["learning_rates"], epochs, values["stopped"])

    def __str__(self) -> str:
        lines = ["epoch  train loss  val loss  val score  learning rate"]
        for e in self.epochs:
            loss = "-" if e.val_loss is None else f"{e.val_loss:.4f}"
            score = "-" if e.val_score is None else f"{e.val_score:.4f}"
            measured = f"{e.number:5}  {e.train_loss:10.4f}  {loss:>8}  {score:>9}"
            lines.append(f"{measured}  {e.learning_rate:13.3g}")
        return "\n".join(lines)
