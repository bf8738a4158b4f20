"""What a training run tells: every step's loss, every epoch's results, and live reports."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """One epoch: mean training loss and accuracy while it ran, validation after it, its speed."""

    number: int
    train_loss: float
    train_accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float

    def __str__(self) -> str:
        text = f"epoch {self.number}: loss {self.train_loss:.4f}"
        text += f", accuracy {self.train_accuracy:.1%}"
        if self.val_loss is not None and self.val_accuracy is not None:
            text += f", validation {self.val_loss:.4f}, {self.val_accuracy:.1%}"
        return f"{text}; {self.images_per_second:,.0f} images/s"


@dataclass
class History:
    """Epochs, and the loss and learning rate of every step; lists grow while a net trains."""

    epochs: list[Epoch] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The history as lists and dicts of plain numbers."""
        return asdict(self)

    @staticmethod
    def from_dict(plain: dict[str, Any]) -> "History":
        """The history that as_dict was called on."""
        epochs = [Epoch(**epoch) for epoch in plain["epochs"]]
        return History(epochs, list(plain["losses"]), list(plain["learning_rates"]))

    def __str__(self) -> str:
        return "\n".join(str(epoch) for epoch in self.epochs)


@dataclass(frozen=True)
class Report:
    """What a monitor is shown while a net trains.

    epoch (1 to epochs), batch (1 to batches), step (batches in all), loss (mean since the last
    report), learning_rate, images_per_second, and the history so far, which is not to be changed.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    step: int
    loss: float
    learning_rate: float
    images_per_second: float
    history: History

    @property
    def ends_epoch(self) -> bool:
        """Whether this is an epoch's last report, sent when its validation is in the history."""
        return self.batch == self.batches
