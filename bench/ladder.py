"""The claim: on the course's images each idea of the course buys accuracy.

Trains every rung of the ladder (nearest neighbours, linear, MLP, LeNet, batch norm with
augmentation) on every level of `strides.data.solids` and prints test accuracies in percent.
What is chosen (k, weight decay) is chosen on the validation split. Run it with

    python bench/ladder.py                 # all of it: about a quarter of an hour on one core
    python bench/ladder.py --levels easy   # under a minute
"""

import argparse
import time
from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from strides.data import LEVELS, SOLIDS, Dataset, mean_and_std, normalise, solids

SHIFT = 0.6
CLASSES = len(SOLIDS)
BATCH = 100
Pair = tuple[Tensor, Tensor]


def linear() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, CLASSES))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 256), nn.ReLU(), nn.Linear(256, CLASSES))


def lenet() -> nn.Module:
    """LeNet-5's layout with ReLU and max pooling, on three colours."""
    return nn.Sequential(
        *(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()),
        nn.Linear(84, CLASSES),
    )


def batch_norm_net() -> nn.Module:
    """Three 3x3 convolutions with batch norm (93,024 filter weights) and one linear layer."""
    layers: list[nn.Module] = []
    for before, after in ((3, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)]
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2048, CLASSES))


def augment(x: Tensor) -> Tensor:
    """Shift a batch by up to 3 pixels, mirror it, swap its axes, and permute its colours.

    None of these changes which solid an image shows.
    """
    right, down = torch.randint(0, 7, (2,)).tolist()
    x = functional.pad(x, (3, 3, 3, 3), mode="reflect")[:, :, down : down + 32, right : right + 32]
    x = x.flip([axis for axis in (2, 3) if torch.rand(()) < 0.5])
    if torch.rand(()) < 0.5:
        x = x.transpose(2, 3)
    return x[:, torch.randperm(3)].contiguous()


def accuracy(net: nn.Module, data: Pair) -> float:
    """Percent of the images whose highest score is the right one."""
    net.eval()
    with torch.no_grad():
        guesses = torch.cat([net(part).argmax(1) for part in data[0].split(500)])
    return 100 * (guesses == data[1]).double().mean().item()


def train(
    make: Callable[[], nn.Module], data: Pair, epochs: int, rate: float, decay: float, more: bool
) -> nn.Module:
    """AdamW with a one-cycle learning rate; `more` turns augmentation on."""
    torch.manual_seed(0)
    net, (x, y) = make().to(data[0].device), data
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=decay)
    steps = epochs * (len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for _ in range(epochs):
        net.train()
        order = torch.randperm(len(x)).to(x.device)
        for rows in order[: len(x) // BATCH * BATCH].split(BATCH):
            batch = augment(x[rows]) if more else x[rows]
            optimizer.zero_grad()
            functional.cross_entropy(net(batch), y[rows]).backward()
            optimizer.step()
            schedule.step()
    return net


def nearest_neighbours(data: Pair, tests: dict[str, Pair]) -> dict[str, float]:
    """k nearest neighbours by Euclidean distance, k chosen on the validation split."""

    def score(part: Pair, k: int) -> float:
        nearest = torch.cdist(part[0].flatten(1), data[0].flatten(1)).topk(k, largest=False)
        votes = torch.mode(data[1][nearest.indices], dim=1).values
        return 100 * (votes == part[1]).double().mean().item()

    k = max((1, 3, 9, 27, 81), key=lambda k: score(tests["val"], k))
    return {name: score(part, k) for name, part in tests.items()}


def best_of(
    make: Callable[[], nn.Module],
    settings: Iterable[tuple[int, float, float]],
    more: bool = False,
) -> Callable[[Pair, dict[str, Pair]], dict[str, float]]:
    """A rung that trains with each (epochs, rate, decay) and keeps the best on validation."""

    def rung(data: Pair, tests: dict[str, Pair]) -> dict[str, float]:
        nets = [train(make, data, *setting, more) for setting in settings]
        best = max(nets, key=lambda net: accuracy(net, tests["val"]))
        return {name: accuracy(best, part) for name, part in tests.items()}

    return rung


RUNGS = {
    "nearest neighbours": nearest_neighbours,
    "linear softmax": best_of(linear, [(30, 1e-4, 0.1), (30, 1e-4, 1.0), (30, 3e-4, 1.0)]),
    "MLP, 256 hidden": best_of(mlp, [(10, 3e-4, 0.1), (10, 3e-4, 1.0), (30, 1e-3, 0.1)]),
    "LeNet": best_of(lenet, [(12, 2e-3, 0.01), (20, 2e-3, 0.1)]),
    "batch norm, augmentation": best_of(batch_norm_net, [(25, 3e-3, 0.01)], more=True),
}


def prepare(level: str, device: str) -> tuple[Pair, dict[str, Pair]]:
    """Training data and the sets to measure on, normalised by the training set."""
    train_set = solids("train", level)
    mean, std = mean_and_std(train_set.images)

    def tensors(data: Dataset) -> Pair:
        x = torch.from_numpy(normalise(data.images, mean, std)).to(device)
        return x, torch.from_numpy(data.labels).to(device)

    tests = {"val": solids("val", level), "test": solids("test", level)}
    if level == "easy":
        tests["shifted"] = solids("test", level, position=SHIFT)
    return tensors(train_set), {name: tensors(data) for name, data in tests.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--levels", nargs="+", choices=list(LEVELS), default=list(LEVELS))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print("| level | model | test % | shifted test % | seconds |")
    print("|---|---|---|---|---|")
    for level in options.levels:
        data, tests = prepare(level, options.device)
        for name, rung in RUNGS.items():
            start = time.perf_counter()
            scores = rung(data, tests)
            shifted = f"{scores['shifted']:.1f}" if "shifted" in scores else ""
            seconds = time.perf_counter() - start
            print(
                f"| {level} | {name} | {scores['test']:.1f} | {shifted} | {seconds:.0f} |",
                flush=True,
            )
    sizes = {level: len(solids("test", level)) for level in options.levels}
    spread = {level: 100 * np.sqrt(0.25 / size) for level, size in sizes.items()}
    print("One standard error is at most", ", ".join(f"{s:.1f} ({n})" for n, s in spread.items()))


if __name__ == "__main__":
    main()
