"""Outputs without end: cut while they come, and said."""

from __future__ import annotations

from ..attack import ANY, DIED, FULL, GRADED, TIMED_OUT, Attack, Expect, beside

CUT = Expect(FULL, (GRADED, TIMED_OUT, DIED))

ATTACKS: list[Attack] = [
    beside("lines", "ten million lines", "for n in range(10**7):\n    print(n)", expects=CUT),
    beside("one_line", "one line of a billion characters", "print('x' * 10**9)", expects=CUT),
    beside(
        "no_newline",
        "characters without a newline, for ever",
        "while True:\n    print('x' * 1000, end='', flush=True)",
        expects=CUT,
    ),
    beside("last_value", "a last value of 100 MB", "'x' * 10**8", expects=CUT),
    beside(
        "errors",
        "writes to stderr without end",
        "import sys\nwhile True:\n    sys.stderr.write('x' * 10_000 + '\\n')",
        expects=CUT,
    ),
    beside(
        "descriptors",
        "writes to descriptors 1 and 2, past Python's own streams",
        "import os\nfor _ in range(10**5):\n    os.write(1, b'x' * 10_000)\n    os.write(2, b'y')",
        expects=CUT,
    ),
    beside(
        "child",
        "a child that writes without end",
        "import subprocess\nsubprocess.run(['yes', 'strides-atk'])",
        expects=CUT,
    ),
    beside(
        "shell", "a shell escape that writes without end", "!yes | head -c 2000000000", expects=CUT
    ),
    beside(
        "children_background",
        "children in the background that write while later cells run",
        "import subprocess\nfor _ in range(3):\n    subprocess.Popen(['yes', 'strides-atk'])",
        expects=Expect((0, FULL), ANY),
    ),
    beside(
        "thread",
        "a thread that prints while later cells run",
        """import threading
def say():
    while True:
        print("x" * 100)
threading.Thread(target=say, daemon=True).start()""",
        expects=Expect((0, FULL), ANY),
    ),
    beside(
        "displays",
        "a hundred thousand displays",
        "for n in range(10**5):\n    display(n)",
        expects=CUT,
    ),
    beside(
        "figures",
        "a thousand figures",
        "import matplotlib.pyplot as plt\nfor n in range(1000):\n    plt.figure()\n"
        "    plt.plot([n, 1])\nplt.show()",
        expects=CUT,
    ),
    beside(
        "huge_figure",
        "a figure of 20,000 by 20,000 dots",
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(200, 200), dpi=100)\nplt.show()",
        expects=CUT,
    ),
    beside(
        "huge_picture",
        "50 MB of noise as a picture",
        "from IPython.display import Image\nimport os\nImage(os.urandom(50_000_000), format='png')",
        expects=CUT,
    ),
    beside(
        "updates",
        "a display that is updated without end",
        "h = display(0, display_id=True)\nwhile True:\n    h.update('x' * 1000)",
        expects=CUT,
    ),
    beside(
        "carriage_returns",
        "a progress bar that returns without end",
        "while True:\n    print('\\r' + 'x' * 50, end='')",
        expects=CUT,
    ),
    beside(
        "huge_error",
        "an error with a text of 100 MB and a traceback of a million frames",
        "import sys\nsys.setrecursionlimit(5000)\ndef f(n):\n    if n:\n        return f(n - 1)\n"
        "    raise ValueError('x' * 10**8)\nf(3000)",
        expects=CUT,
    ),
    Attack(
        "printing_answer",
        "an answer that prints 100 MB at each call",
        {"predict": "def predict(w, x):\n    print('x' * 10**8)\n    return (x @ w).argmax(1)"},
        base="right",
        expects=Expect((FULL - 2, FULL), (GRADED, TIMED_OUT, DIED)),
    ),
    beside(
        "warnings",
        "a million warnings",
        """import warnings
for n in range(10**6):
    warnings.warn(f"number {n}" + "x" * 100)""",
        expects=CUT,
    ),
    beside(
        "log",
        "a log without end",
        """import logging
logging.basicConfig(level=0)
while True:
    logging.info("x" * 1000)""",
        expects=CUT,
    ),
]
