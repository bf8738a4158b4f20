"""Attacks on the wire: forged, torn, endless and misshapen messages on every descriptor."""

from __future__ import annotations

from ..attack import ANY, FULL, Attack, Expect, in_cell

UP_TO_ALL = Expect((0, FULL), ANY)
SOCKETS = """import json, os, socket, stat, struct, sys, threading, time
def sockets():
    ends = []
    for number in range(3, 512):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                ends.append(number)
        except OSError:
            pass
    return ends
def pipes():
    ends = []
    for number in range(3, 512):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                ends.append(number)
        except OSError:
            pass
    return ends
def frame(data):
    return struct.pack("!i", len(data)) + data
def message(body, arrays=()):
    text = {"wire": 1, "arrays": [len(a) for a in arrays], "body": body}
    return frame(json.dumps(text).encode()) + b"".join(frame(a) for a in arrays if a)
def tell(data):
    for number in sockets() + pipes():
        try:
            os.write(number, data)
        except OSError:
            pass
FULL_SCORE = {"exercise": "a1.predict", "earned": 100.0, "possible": 100.0, "rows": [
    {"check": "all", "earned": 100.0, "possible": 100.0, "status": "passed", "message": ""}]}
"""
REPLY = """def last_request():
    import gc
    from strides_box.wire import Message
    numbers = [o.body["n"] for o in gc.get_objects() if isinstance(o, Message) and "n" in o.body]
    return max(numbers, default=0)
def reply(value, numbers=None):
    for number in numbers or [last_request()]:
        yield {"re": number, "value": value, "changed": [], "late": False, "outputs": []}
    yield {"ask": 0, "args": {"t": "tuple", "items": [value]}, "kwargs": {"t": "dict", "items": []}}
"""


def telling(name: str, tries: str, data: str, **more: object) -> Attack:
    """An attack that writes bytes to every socket and pipe before the answers."""
    expects = more.pop("expects", Expect(0, ANY))
    cell = SOCKETS + REPLY + f"tell({data})"
    return in_cell(name, tries, cell, expects=expects, **more)


def answering(name: str, tries: str, line: str, **more: object) -> Attack:
    """An attack that runs a line in `log_softmax` while the examiner waits for its answer."""
    answer = f"""def log_softmax(scores):
    {line}
    return np.zeros(scores.shape) - 7"""
    expects = more.pop("expects", Expect(0, ANY))
    return Attack(
        name, tries, {"log_softmax": answer}, first=(SOCKETS + REPLY,), expects=expects, **more
    )


ATTACKS: list[Attack] = [
    telling("garbage", "writes noise", "os.urandom(5000)"),
    telling("garbage_frame", "writes noise in a well-formed frame", "frame(os.urandom(5000))"),
    telling("score_message", "writes a score", "message(FULL_SCORE) * 3"),
    telling(
        "score_record",
        "writes what a graded notebook's record looks like",
        "message({'score': FULL_SCORE, 'strides_grading': {'score': FULL_SCORE}, 'cells': []})",
    ),
    telling("huge_header", "announces 2 GB", 'struct.pack("!i", 2**31 - 1) + b"x"'),
    telling("huger_header", "announces an exabyte", 'struct.pack("!iQ", -1, 2**60) + b"x"'),
    telling("negative_header", "announces a negative length", 'struct.pack("!i", -7) + b"x" * 9'),
    telling("half_frame", "begins a frame and says no more", 'struct.pack("!i", 5000) + b"{"'),
    telling("empty_frames", "writes a hundred thousand empty frames", "frame(b'') * 100_000"),
    telling("deep_json", "writes JSON nested a million times", "frame(b'[' * 1_000_000)"),
    telling(
        "long_number",
        "writes a number of a million digits",
        """frame(b'{"wire": 1, "arrays": [], "body": {"a": ' + b'9' * 1_000_000 + b'}}')""",
    ),
    telling(
        "not_a_number",
        "writes NaN and Infinity for sizes and versions",
        """frame(b'{"wire": NaN, "arrays": [Infinity, -1, 1e999, true], "body": {}}')""",
    ),
    telling(
        "many_arrays",
        "announces a million arrays",
        'frame(json.dumps({"wire": 1, "arrays": [1] * 1_000_000, "body": {}}).encode())',
    ),
    telling("other_version", "speaks version 99", 'message({}).replace(b"1", b"99")'),
    telling("bad_text", "writes text that is no UTF-8", "frame(b'\\xff\\xfe{\"wire\": 1}')"),
    telling(
        "duplicate_names",
        "names every field twice",
        """frame(
    b'{"wire": 1, "wire": 99, "arrays": [], "arrays": [1], "body": {}, "body": []}')""",
    ),
    in_cell(
        "drip",
        "drips one byte of a long frame every tenth of a second",
        SOCKETS
        + """def drip():
    tell(struct.pack("!i", 5_000_000))
    while True:
        tell(b" ")
        time.sleep(0.1)
threading.Thread(target=drip, daemon=True).start()""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "flood",
        "writes to the wire without end",
        SOCKETS
        + """def flood():
    while True:
        tell(message({"a": "b" * 100_000}))
threading.Thread(target=flood, daemon=True).start()""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "closed",
        "closes every descriptor but the first three",
        "import os\nos.closerange(3, 1024)",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "closed_all",
        "closes every descriptor",
        "import os\nos.closerange(0, 4096)",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "shut_down",
        "shuts the sockets' writing down and goes on reading",
        SOCKETS
        + """for number in sockets():
    socket.socket(fileno=os.dup(number)).shutdown(socket.SHUT_WR)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "replaced",
        "puts ends of its own in the sockets' places and answers itself",
        SOCKETS
        + """for number in sockets():
    ours, theirs = socket.socketpair()
    os.dup2(theirs.fileno(), number)
    threading.Thread(target=lambda o=ours: [o.sendall(message(FULL_SCORE)) for _ in range(9)],
                     daemon=True).start()""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "read_away",
        "reads the examiner's requests away, so that nobody answers them",
        SOCKETS
        + """def read(number):
    while True:
        try:
            data = os.read(number, 65536)
        except OSError:
            return
        if b"oracle" in data or b"HIDDEN " + b"TESTS" in data or b"canary" + b"-" in data:
            leaked(data[:200])
        if not data:
            return
for number in sockets():
    threading.Thread(target=read, args=(number,), daemon=True).start()
time.sleep(0.05)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "passed_descriptors",
        "sends descriptors and receives some, over the sockets that it has",
        SOCKETS
        + """for number in sockets():
    end = socket.socket(fileno=os.dup(number))
    try:
        socket.send_fds(end, [b"x"], [0, 1, 2])
    except OSError:
        pass
    try:
        end.setblocking(False)
        data, got, *_ = socket.recv_fds(end, 10, 10)
        if got:
            leaked("descriptors", got)
    except OSError:
        pass""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "credentials",
        "asks the sockets who is at their other end, and signals that process",
        SOCKETS
        + """for number in sockets():
    try:
        end = socket.socket(fileno=os.dup(number))
        pid, uid, gid = struct.unpack("3i", end.getsockopt(socket.SOL_SOCKET, 17, 12))
        print(pid > 0)
        if pid > 1:
            os.kill(pid, 0)
    except OSError as problem:
        print(problem.strerror)""",
        expects=Expect(0, ANY),
    ),
    answering(
        "answer_twice", "answers, then answers again", "[tell(message(r)) for r in reply(0)]"
    ),
    answering(
        "answer_first",
        "reads the request itself and answers ahead with what it likes",
        """for n in sockets():
        try:
            socket.socket(fileno=os.dup(n)).setblocking(False); print(len(os.read(n, 100000)))
        except OSError:
            pass
    [tell(message(r)) for r in reply({"t": "float", "text": "0.0"})]; os._exit(0)""",
    ),
    answering(
        "answer_arrays",
        "answers with arrays whose shape, dtype and bytes do not fit",
        """n = last_request()
    for shape in ([3], [-1], [2**62, 4], [0, 2**39, 2**39], [1.5], ["3"], [True], None,
                  [3] * 99):
        for dtype in ("<f8", "O", "|O8", "V9", "i4,f8", "<U9", "<M8[D]", "nonsense", 7, None):
            tree = {"t": "array", "dtype": dtype, "shape": shape, "order": "C", "place": 0,
                    "key": 0}
            [tell(message(r, [b"x" * 24])) for r in list(reply(tree))[:2]]""",
    ),
    answering(
        "answer_handles",
        "answers with handles that do not exist, or are somebody else's",
        """for number in (-1, 0, 1, 10**30, "1", None, [1], {"t": "handle"}, 1.5, True):
        for kind in ("handle", "function", "object", "callable", "ours", "yours", "remote"):
            tree = {"t": kind, "id": number, "number": number, "handle": number, "name": "x"}
            [tell(message(r)) for r in list(reply(tree))[:1]]""",
    ),
    answering(
        "answer_bomb",
        "names one array of 8 MB twenty thousand times in an answer",
        """tree = {"t": "array", "dtype": "<f8", "shape": [1_000_000], "order": "C", "place": 0,
            "key": None}
    many = {"t": "list", "items": [tree] * 20_000}
    [tell(message(r, [bytes(8_000_000)])) for r in list(reply(many))[:3]]""",
    ),
    answering(
        "answer_deep",
        "answers with trees that are deep, wide, or dictionaries of odd names",
        """tree = 1
    for _ in range(900):
        more = [{"t": "dict", "items": [["a", tree]]}] if _ < 15 else []
        tree = {"t": "list", "items": [tree, *more]}
    [tell(message(r)) for r in list(reply(tree))[:2]]""",
    ),
    answering(
        "answer_calls",
        "asks the examiner to call, import and read things for it",
        """for what in ("call", "import", "eval", "exec", "get", "getattr", "read", "pickle"):
        for target in ("os.system", "examiner", "oracle", "__globals__", 0, 1):
            tell(message({"t": what, "kind": what, "type": what, "op": what, "what": what,
                          "target": target, "id": target, "name": target, "number": target,
                          "args": {"t": "list", "items": ["touch strides-atk-called"]},
                          "arguments": [], "options": {}, "kwargs": {}}))""",
    ),
    answering(
        "answer_ahead",
        "answers all later requests now, each with a value that a check may want",
        "[tell(message(r)) for r in reply({'t': 'float', 'text': '0.0'}, range(200))]",
    ),
    answering(
        "answer_changed",
        "says that it changed arguments that were never sent, or to something else",
        """for pairs in ([[0, 1.0]], [[-1, None]], [[10**30, {}]], [["0", []]], [[0]], 7, [None],
                  [[0, {"t": "array", "dtype": "<f8", "shape": [1], "order": "C", "place": 0,
                        "key": 0}]] * 3):
        tell(message({"re": last_request(), "value": 1.0, "changed": pairs}, [bytes(8)]))
        return np.zeros(scores.shape) - 7""",
    ),
    answering(
        "answer_errors",
        "says it raised what only the grader raises, by names that mean something there",
        """kinds = ["OutOfTime", "Gone", "SandboxMissing", "SystemExit", "KeyboardInterrupt",
             "ExceptionGroup", "BaseException", "UnicodeDecodeError", "StopIteration", "__import__",
             "print", "NotImplementedError", "", "a" * 10**6, 7, None, ["x"], {"a": 1}]
    tell(message({"re": last_request(), "changed": [], "error": {
        "kind": kinds[scores.size % len(kinds)], "name": "<script>evil()</script>",
        "said": "x" * 10**6, "line": "examiner"}}))""",
    ),
    answering(
        "answer_refused",
        "says that it was refused, in words of its own",
        """tell(message({"re": last_request(), "changed": [], "sign": "none",
                  "refused": "All is right. <script>evil()</script>" * 1000}))""",
    ),
    answering(
        "ask_without_end",
        "asks for the examiner's functions that it was never given, without end",
        """while True:
        tell(message({"ask": 0, "args": {"t": "tuple", "items": []},
                      "kwargs": {"t": "dict", "items": []}}))""",
    ),
    Attack(
        "outputs_forged",
        "patches what a cell's run is answered with: endless, nested, and misshapen outputs",
        first=(
            """import strides_box.kernel as kernel
DATA = {"application/vnd.strides.score+json": {"earned": 21, "possible": 21, "rows": []}}
bad = [None, 7, [], {"output_type": 7}, {"output_type": "stream", "text": ["a", {"b": 1}]},
       {"output_type": "stream", "name": {"a": 1}, "text": "x" * 3_000_000},
       {"output_type": "execute_result", "data": DATA, "execution_count": "many"},
       {"output_type": "error", "ename": 7, "evalue": None, "traceback": {"a": 1}},
       {"output_type": "error", "ename": "x", "evalue": "y", "traceback": ["z" * 100] * 50_000},
       {"output_type": "display_data", "data": [1], "metadata": 7},
       {"output_type": "update_display_data", "data": DATA, "transient": {"display_id": "1"}},
       {"output_type": "display_data", "data": {"image/png": "!!", "text/html": 7, "": 1}}] * 3
kernel.Kernel.run = lambda self, request, packer: {
    "outputs": bad, "late": "no", "count": 10**40, "score": DATA, "stopped": True}""",
        ),
    ),
    answering(
        "answer_by_child",
        "forks, and parent and child both return an answer",
        "os.fork()",
    ),
    answering(
        "answer_by_thread",
        "two threads answer at once, as fast as they can",
        """def go():
        for r in reply({"t": "float", "text": "1.0"}):
            tell(message(r))
    [threading.Thread(target=go).start() for _ in range(2)]""",
    ),
    Attack(
        "own_protocol",
        "uses the sandbox's own module to send replies that were never asked for",
        first=(
            SOCKETS
            + """import strides_box, pkgutil, importlib, gc
for module in pkgutil.iter_modules(strides_box.__path__):
    importlib.import_module("strides_box." + module.name)
from strides_box import wire
channels = [o for o in gc.get_objects() if isinstance(o, wire.Channel)]
for channel in channels:
    for body in ({"score": FULL_SCORE}, {"t": "returned", "value": 0.0}, FULL_SCORE, {}):
        channel.send(wire.Message(body))
print(len(channels))""",
        ),
        expects=Expect(0, ANY),
    ),
    Attack(
        "receive_patched",
        "patches the channel so that every reply is the examiner's own request",
        first=(
            """from strides_box import wire
send, receive = wire.Channel.send, wire.Channel.receive
last = []
def keep(self, *a, **k):
    last.append(receive(self, *a, **k))
    return last[-1]
wire.Channel.receive = keep
wire.Channel.send = lambda self, message: send(self, last[-1] if last else message)""",
        ),
        expects=Expect(0, ANY),
    ),
]
