"""A submission's functions behave, through their stand-ins, as they would in the same process."""

from __future__ import annotations

import numpy as np
import pytest

from examiner.safe.standin import RemoteFunction, RemoteObject
from strides.check import AnswerRaised, BrokenContract, Foreign, OutOfTime, unpack
from strides.check.calls import collect


def answer(remote, source, name="f"):
    remote.run(source, 5)
    return remote.look(name)


@pytest.fixture
def case(remote):
    """Five seconds for the calls of one case."""
    with remote.case(5.0, ()):
        yield remote


def test_numbers_and_arrays_go_out_and_come_back(case):
    f = answer(case, "def f(x, k=1): return x.sum(axis=0), [k, None, ...], x.dtype.name")
    total, listed, name = f(np.ones((2, 3), np.float32), k=4)
    assert total.tolist() == [2, 2, 2]
    assert (total.dtype, name, listed) == (np.float32, "float32", [4, None, ...])


def test_a_returned_function_is_called_where_it_lives(case):
    f = answer(
        case, "def f(x):\n    return x.sum(), lambda d=1.0: d * np.ones_like(x)\nimport numpy as np"
    )
    loss, backward = unpack(f(np.arange(3.0)), ("loss", "backward"), ("backward",))
    assert loss == 3
    assert backward(2.0).tolist() == [2, 2, 2]
    assert isinstance(backward, RemoteFunction)


def test_changed_arguments_are_changed_here_too(case):
    f = answer(case, "def f(x, y):\n    x -= 1\n    def back():\n        y[0] = 7\n    return back")
    x, y = np.ones(3), np.zeros(2)
    back = f(x, y)
    assert (x.tolist(), y.tolist()) == ([0, 0, 0], [0, 0])
    back()
    assert y.tolist() == [7, 0]


def test_an_array_is_the_same_one_each_time_and_shows_what_was_written_here(case):
    f = answer(case, "seen = []\ndef f(x):\n    seen.append(x)\n    return seen[0] is x, x[0]")
    x = np.zeros(2)
    assert f(x) == (True, 0)
    x[0] = 5
    assert f(x) == (True, 5)
    assert f(np.zeros(2))[0] is False


def test_a_function_of_the_examiner_is_called_back(case):
    def loss(w, scale=1.0):
        return float(np.sum(w**2)), lambda d: d * 2 * scale * w

    f = answer(
        case, "def f(g, w):\n    value, back = g(w, scale=3.0)\n    return value, back(1.0), g"
    )
    value, gradient, back = f(loss, np.array([1.0, 2.0]))
    assert (value, gradient.tolist()) == (5.0, [6.0, 12.0])
    assert back is loss


def test_what_a_function_of_the_examiner_raises_is_raised_there(case):
    f = answer(
        case,
        "def f(g):\n    try:\n        g('x')\n    except TypeError as e:\n        return str(e)",
    )
    assert "unsupported" in f(lambda x: x - 1)


def test_errors_come_back_as_their_kind_with_the_line(case):
    f = answer(case, "class Odd(ValueError): pass\ndef f(x):\n    raise Odd('too large')")
    with pytest.raises(ValueError, match="too large") as raised:
        f(1)
    assert isinstance(raised.value, AnswerRaised)
    assert (raised.value.name, raised.value.line) == ("Odd", "raise Odd('too large')")
    f = answer(case, "def f(x): return {}['k']")
    with pytest.raises(KeyError):
        f(1)


def run_one(answer, *args):
    yield "out", answer(*args)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("raise NotImplementedError", "blank", "NotImplementedError"),
        ("return None", "blank", "None"),
        ("return x.tolist() + ['a']", "type", "holds text"),
        ("return {1, 2}", "type", "a set"),
        ("return f", "type", "a function"),
        ("return np.asmatrix(x)", "type", "np.matrix"),
        ("import torch; return torch.tensor(x)", "type", "done in NumPy"),
        ("while True: pass", "timeout", "0.3 seconds"),
        ("import os; os._exit(1)", "raised", "KernelDied"),
        ("return f(x)", "raised", "RecursionError"),
        ("raise SystemExit", "raised", "SystemExit"),
        ("raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("1 / 0", "raised", "ZeroDivisionError"),
    ],
)
def test_what_went_wrong_is_a_problem_of_the_answer(remote, body, kind, text):
    f = answer(remote, f"import numpy as np\ndef f(x):\n    {body}")
    _, problem = collect(run_one, f, {"x": np.ones(2)}, 0.3)
    assert problem.kind == kind
    assert text in problem.text


def test_after_a_late_call_the_next_one_is_served(remote):
    f = answer(remote, "def f(x):\n    while x: pass\n    return 1.0")
    assert collect(run_one, f, {"x": 1}, 0.2)[1].kind == "timeout"
    assert collect(run_one, f, {"x": 0}, 5)[0]["out"] == 1


def test_the_librarys_own_is_refused_where_it_is_called(remote):
    f = answer(
        remote, "from strides.losses import softmax_loss as mine\ndef f(s, y): return mine(s, y)[0]"
    )
    args = {"s": np.ones((2, 3)), "y": np.array([0, 1])}
    assert collect(run_one, f, args, 5, ("strides.losses",))[1].text.startswith("The answer calls")
    assert collect(run_one, f, args, 5)[1] is None


def test_tricks_with_classes_end_at_the_wire(case):
    source = """
import numpy as np
class Equal(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(())
    def __array_function__(self, *args, **kwargs): return True
class Late:
    def __array__(self, dtype=None, copy=None): return np.array([1.0])
class Number(float):
    def __eq__(self, other): return True
def f(): return np.zeros(3).view(Equal), Late(), Number(2), np.ma.masked_array([1.0], [True])
"""
    equal, late, number, masked = answer(case, source)()
    assert [type(part) for part in (equal, late, masked)] == [np.ndarray] * 3
    assert isinstance(number, Foreign)


def test_an_object_is_known_by_its_type_alone(case):
    f = answer(case, "class Net:\n    depth = 3\ndef f(): return Net()")
    net = f()
    assert isinstance(net, RemoteObject)
    assert (net.module, net.name) == ("__main__", "Net")


def test_a_name_that_is_missing_is_a_name_error(remote):
    with pytest.raises(NameError, match="'nothing'"):
        remote.look("nothing")


def test_printing_within_a_call_shows_nothing_and_holds_nobody_up(case):
    f = answer(case, "def f():\n    for _ in range(100_000): print('x' * 1000)\n    return 1")
    assert f() == 1


def test_no_time_is_left_after_the_case_ran_out(remote):
    f = answer(remote, "f = lambda: 1")
    with remote.case(0.0, ()), pytest.raises(OutOfTime):
        f()


def test_more_data_than_a_case_may_send_ends_it(case, monkeypatch):
    monkeypatch.setattr("examiner.safe.standin.MOST_RECEIVED", 10_000_000)
    f = answer(case, "import numpy as np\ndef f(): return np.zeros(1_000_000)")
    f()
    with pytest.raises(AnswerRaised, match="rules of the wire"):
        f()


def test_a_refusal_is_a_broken_contract(case):
    f = answer(case, "import torch\ndef f(): return torch.nn.functional.relu(1)")
    with pytest.raises(BrokenContract, match=r"torch\.nn\.functional\.relu"):
        f()


def test_a_result_that_is_too_large_is_an_error_and_no_end(case):
    f = answer(case, "import numpy as np\ndef f(n): return np.zeros(n)")
    with pytest.raises(MemoryError, match="at most"):
        f(40_000_000)
    assert f(2).tolist() == [0, 0]


def test_an_error_without_a_text_is_still_told(case):
    f = answer(case, "class Odd(Exception):\n    def __str__(self): 1 / 0\ndef f(): raise Odd")
    with pytest.raises(AnswerRaised, match="cannot be made"):
        f()


def test_a_thread_may_print_while_answers_are_called(case):
    f = answer(
        case,
        """
import threading, time
def talk():
    while True:
        print("still here")
threading.Thread(target=talk, daemon=True).start()
f = lambda x: x + 1""",
    )
    for number in range(300):
        assert f(number) == number + 1


def test_the_limit_that_struck_is_the_one_that_is_told(remote):
    f = answer(remote, "def f():\n    while True: pass")
    with remote.case(0.2, ()):
        _, problem = collect(run_one, f, {}, 10.0)
    assert problem.text == "It did not finish within 0.2 seconds."


def test_meddling_with_the_wire_is_called_that(case):
    source = """
import os, socket
def f():
    for number in range(3, 64):
        try:
            socket.socket(fileno=os.dup(number)).sendall(b"\\0\\0\\0\\2{}")
        except OSError:
            pass
    return 1
"""
    with pytest.raises(AnswerRaised, match="rules of the wire"):
        answer(case, source)()
    assert "rules of the wire" in case.gone
