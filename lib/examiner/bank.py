"""The bank of an exercise: wrong answers that have a name, and odd answers that are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer", bound=Any)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, and what to say to whoever gave it: the cause and one next action."""

    id: str
    answer: Any
    says: str


@dataclass
class Bank:
    """Mistakes and odd but right answers of one exercise, in the order they are tried."""

    exercise: str
    mistakes: list[Mistake] = field(default_factory=list)
    right: dict[str, Any] = field(default_factory=dict)

    def mistake(self, says: str) -> Callable[[Answer], Answer]:
        """Decorate a wrong answer; its function name is the mistake's id."""

        def add(answer: Answer) -> Answer:
            self.add_mistake(answer.__name__, says, answer)
            return answer

        return add

    def add_mistake(self, id: str, says: str, answer: Any) -> None:
        if any(mistake.id == id for mistake in self.mistakes):
            raise ValueError(f"{self.exercise}: the mistake {id!r} is there twice")
        self.mistakes.append(Mistake(id, answer, says))

    def odd_but_right(self, answer: Answer) -> Answer:
        """Decorate a right answer that a careless test would reject."""
        self.right[answer.__name__] = answer
        return answer
