"""How long a class takes: `strides grade` beside nbgrader with a kernel for each submission.

python bench/grading.py                  # twenty submissions of a1's sample class
python bench/grading.py --students 50    # fifty
python bench/grading.py --no-kernels     # without nbgrader's kernels, which take most of the time

Both grade the same files, one after the other, in course folders of their own. What is compared:

whole     from the command's start to the last mark in the gradebook, collecting left out
steady    submissions a second between the first result and the last, in a process that is warm;
          for nbgrader, which grades one after the other, times the number of workers: as if
          several of it shared the machine without loss
memory    of a worker with its sandbox: what it does not share with other processes

Left out of the class is the member whose cell runs for ever: both would wait for the limit.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = """
c = get_config()
load_subconfig("nbgrader_config.py", path={root!r})
c.CourseDirectory.root = {folder!r}
c.CourseDirectory.db_url = "sqlite:///" + {folder!r} + "/gradebook.db"
c.Exchange.root = {folder!r} + "/exchange"
c.Autograde.autograde_preprocessors = [
    {execute!r} if "ecute" in step.rsplit(".", 1)[-1] else step
    for step in c.Autograde.autograde_preprocessors
]
"""


@dataclass
class Measured:
    """Seconds of the whole command, submissions a second once it runs, and MB of one worker."""

    whole: float
    steady: float
    megabytes: float = 0.0


def make_course(folder: Path, assignment: str, students: int, execute: str) -> None:
    """A course folder of its own with so many submissions of an assignment."""
    import nbformat

    from examiner.course.course import Course
    from examiner.course.sample_class import MEMBERS, make_class

    name = next(path.name for path in ROOT.glob(f"solutions/{assignment}_*"))
    shutil.copytree(ROOT / "solutions" / name, folder / "solutions" / name)
    settings = SETTINGS.format(root=str(ROOT), folder=str(folder), execute=execute)
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    course = Course(folder)
    course.release(name)
    released, solution = (
        nbformat.read(course.folder(step, ".", name) / f"{name}.ipynb", as_version=4)
        for step in ("release", "source")
    )
    work = make_class(name, released, solution)
    kept = [work[member.name] for member in MEMBERS if member.variant != "endless"]
    for number in range(students):
        path = course.folder("submitted", f"s{number:03}", name) / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(kept[number % len(kept)], path)


def seconds_of(command: list[str], folder: Path) -> float:
    """How long a command takes in a folder; raises CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def steady(folder: Path, assignment: str, workers: int) -> tuple[float, float]:
    """Submissions a second after the first ones, and the private MB of a worker.

    Without workers, in this process, one after the other.
    """
    from examiner.course.course import Course
    from examiner.course.jobs import warmer
    from examiner.course.workforce import open_workers

    course, times, memory = Course(folder), [], []
    name = course.resolve(assignment)

    def note(_: object) -> None:
        times.append(time.perf_counter())
        memory.append(private_megabytes(os.getpid()) / max(workers, 1))

    if workers:
        with open_workers(workers, warm_up=warmer(course.config, name)) as workforce:
            course.autograde(name, force=True, report=note, workers=workforce)
    else:
        course.autograde(name, force=True, report=note)
    skipped = max(1, workers)
    return (len(times) - skipped) / (times[-1] - times[skipped - 1]), max(memory)


def private_megabytes(pid: int) -> float:
    """The memory that the processes below one do not share with others, in MB."""
    below = children_of(pid)
    return sum(private_megabytes(child) + private_of(child) for child in below)


def children_of(pid: int) -> list[int]:
    """The processes that one has started."""
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def private_of(pid: int) -> float:
    """The memory of one process that it shares with no other, in MB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1024


def measure(assignment: str, students: int, workers: int, kernels: bool) -> dict[str, Measured]:
    """The grader, and nbgrader with a kernel for each submission where `kernels`."""
    from examiner.course.settings import EXECUTE, IN_A_KERNEL

    programs = Path(sys.executable).parent
    ours = [f"{programs}/strides", "grade", assignment, "--no-collect", "--force"]
    theirs = [f"{programs}/nbgrader", "autograde", f"--assignment={assignment}", "--force"]
    measured = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "strides")
        make_course(folder, assignment, students, EXECUTE)
        whole = seconds_of([*ours, f"--workers={workers}"], folder)
        measured["strides grade"] = Measured(whole, *steady(folder, assignment, workers))
        if kernels:
            folder = Path(place, "kernels")
            make_course(folder, assignment, students, IN_A_KERNEL)
            name = next((folder / "solutions").iterdir()).name
            theirs[2] = f"--assignment={name}"
            whole = seconds_of(theirs, folder)
            alone, _ = steady(folder, assignment, 0)
            measured["nbgrader, a kernel each"] = Measured(whole, alone * workers)
    return measured


def table(measured: dict[str, Measured]) -> list[str]:
    """The numbers as lines of text, with their ratio where there are two."""
    lines = [f"{'':26}{'whole, s':>10}{'steady, 1/s':>13}{'MB a worker':>13}"]
    for name, found in measured.items():
        memory = f"{found.megabytes:.0f}" if found.megabytes else ""
        lines.append(f"{name:26}{found.whole:10.1f}{found.steady:13.2f}{memory:>13}")
    if len(measured) == 2:
        ours, theirs = measured.values()
        faster = theirs.whole / ours.whole, ours.steady / theirs.steady
        lines.append(f"{'times as fast':26}{faster[0]:10.1f}{faster[1]:13.1f}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure grading beside nbgrader's kernels.")
    parser.add_argument("--assignment", default="a1")
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-kernels", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    measured = measure(given.assignment, given.students, given.workers, not given.no_kernels)
    print(f"{given.students} submissions of {given.assignment}, {given.workers} workers,", end=" ")
    print(f"{os.cpu_count()} cores; load of the machine before: {load:.1f}")
    print("\n".join(table(measured)))
    path = ROOT / "build" / "grading.json"
    path.parent.mkdir(exist_ok=True)
    found = {name: asdict(entry) for name, entry in measured.items()}
    path.write_text(json.dumps({**vars(given), "measured": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
