"""Fetching from a loopback server that cuts off, lies, or is not there."""

import errno
import gzip
import hashlib
import io
import socket
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from strides.data import DamagedData, DataWarning, DownloadFailed, cifar, fashion, fashion_mnist
from strides.data import download as download_module
from strides.data.download import download

CONTENT = np.random.default_rng(0).bytes(300_000)


@dataclass
class Server:
    """What to serve, how badly, and what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)  # bytes to send before breaking off, by request
    ranges: bool = True
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def server(monkeypatch):
    state = Server({"file": CONTENT})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            wanted = self.headers.get("Range", "")
            state.asked.append(wanted)
            content = state.files.get(self.path.strip("/"))
            if content is None:
                self.send_error(404)
                return
            start = int(wanted[len("bytes=") : -1]) if wanted and state.ranges else 0
            if wanted and state.ranges and start >= len(content):
                self.send_error(416)
                return
            body = content[start:]
            self.send_response(206 if wanted and state.ranges else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: state.cuts.pop(0)] if state.cuts else body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        state.address = f"http://127.0.0.1:{http.server_address[1]}/"
        yield state
        http.shutdown()
        thread.join()


def read(path: Path) -> bytes:
    """Accepts the right content alone."""
    if path.read_bytes() != CONTENT:
        raise DamagedData(f"{path.name}: wrong content")
    return path.read_bytes()


def test_a_file_arrives_whole(server, tmp_path):
    target = tmp_path / "deep" / "file"
    assert download(server.address + "file", target, read) == CONTENT
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_a_connection_cut_in_the_middle_is_taken_up(server, tmp_path):
    server.cuts = [100_000, 50_000]
    download(server.address + "file", tmp_path / "file", read)
    assert server.asked == ["", "bytes=100000-", "bytes=150000-"]
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_what_has_arrived_is_kept_for_the_next_call(server, tmp_path):
    server.cuts = [120_000, 0]
    with pytest.raises(DownloadFailed, match=r"120,000 bytes are kept, and the next try goes on"):
        download(server.address + "file", tmp_path / "file", read)
    assert [path.name for path in tmp_path.iterdir()] == ["file.part"]
    download(server.address + "file", tmp_path / "file", read)
    assert server.asked[-1] == "bytes=120000-"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_interrupt_keeps_what_has_arrived(server, tmp_path, monkeypatch):
    class Impatient(download_module.Progress):
        def reach(self, done):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(download_module, "Progress", Impatient)
        with pytest.raises(KeyboardInterrupt):
            download(server.address + "file", tmp_path / "file", read)
    assert 0 < (tmp_path / "file.part").stat().st_size < len(CONTENT)
    download(server.address + "file", tmp_path / "file", read)
    assert server.asked[-1].startswith("bytes=")


def test_a_server_without_ranges_sends_it_all_again(server, tmp_path):
    server.ranges = False
    server.cuts = [100_000]
    download(server.address + "file", tmp_path / "file", read)
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize("left_over", [b"of an older file" * 100, CONTENT + b"too much"])
def test_a_wrong_piece_from_an_earlier_call_is_thrown_away(server, tmp_path, left_over):
    (tmp_path / "file.part").write_bytes(left_over)
    download(server.address + "file", tmp_path / "file", read)
    assert server.asked[-1] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_whole_piece_from_an_earlier_call_is_enough(server, tmp_path):
    (tmp_path / "file.part").write_bytes(CONTENT)
    assert download(server.address + "file", tmp_path / "file", read) == CONTENT


def test_wrong_content_is_never_placed(server, tmp_path):
    server.files["file"] = b"something else"
    with pytest.raises(DamagedData, match="not the expected one, and it was thrown away"):
        download(server.address + "file", tmp_path / "file", read)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(server, tmp_path, monkeypatch):
    class FullDisk(io.FileIO):
        """A file on a disk that has room for one chunk."""

        def write(self, data):
            if self.tell():
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(download_module, "_open", FullDisk)
    monkeypatch.setattr(download_module, "CHUNK", 100_000)
    with pytest.raises(DownloadFailed, match=r"No space left on device.*nothing was left behind"):
        download(server.address + "file", tmp_path / "file", read)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(server, tmp_path):
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(DownloadFailed, match=r"cannot write .*in the way.*STRIDES_DATA_DIR"):
        download(server.address + "file", tmp_path / "in the way" / "file", read)


def test_an_answer_that_is_no_file_is_reported(server, tmp_path):
    with pytest.raises(DownloadFailed, match="nothing: the server answered 404"):
        download(server.address + "nothing", tmp_path / "nothing", read)
    assert list(tmp_path.iterdir()) == []


def test_no_network_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DownloadFailed, match=r"[Rr]efused"):
        download(f"http://127.0.0.1:{port}/file", tmp_path / "file", read)
    assert list(tmp_path.iterdir()) == []


# ---- the loaders through the same path ----


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.tobytes()


@pytest.fixture
def published(server, tmp_path, monkeypatch):
    """A tiny Fashion-MNIST test set, published on the loopback server."""
    rng = np.random.default_rng(1)
    files = {
        "t10k-images-idx3-ubyte": idx(rng.integers(0, 256, (5, 28, 28), dtype=np.uint8)),
        "t10k-labels-idx1-ubyte": idx(rng.integers(0, 10, 5, dtype=np.uint8)),
    }
    for name, content in files.items():
        server.files[f"{name}.gz"] = gzip.compress(content)
        monkeypatch.setitem(fashion.SHA256_UNPACKED, name, hashlib.sha256(content).hexdigest())
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("STRIDES_FASHION_MNIST", raising=False)
    source = replace(fashion.FASHION_MNIST, address=server.address, system_folder=None)
    monkeypatch.setattr(fashion, "FASHION_MNIST", source)
    return server


def test_fashion_mnist_is_fetched_once(published, tmp_path):
    first = fashion_mnist("test")
    assert len(published.asked) == 2
    assert np.array_equal(first.images, fashion_mnist("test").images)
    assert len(published.asked) == 2
    assert len(list((tmp_path / "fashion-mnist").iterdir())) == 2


def test_fashion_mnist_damaged_in_the_cache_is_fetched_again(published, tmp_path):
    fashion_mnist("test")
    path = tmp_path / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:10])
    with pytest.warns(DataWarning, match="another copy"):
        fashion_mnist("test")
    assert len(published.asked) == 3
    fashion_mnist("test")  # mended: no warning, no request
    assert len(published.asked) == 3


def test_fashion_mnist_with_another_content_is_refused(published, tmp_path):
    published.files["t10k-labels-idx1-ubyte.gz"] = gzip.compress(idx(np.zeros(5, np.uint8)))
    with pytest.raises(DamagedData) as caught:
        fashion_mnist("test")
    for part in ("expected unpacked content with sha256", "STRIDES_FASHION_MNIST", "solids()"):
        assert part in str(caught.value)
    left = [path.name for path in (tmp_path / "fashion-mnist").iterdir()]
    assert left == ["t10k-images-idx3-ubyte.gz"]


def test_fashion_mnist_without_a_network_names_the_alternatives(published, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    source = replace(fashion.FASHION_MNIST, address=f"http://127.0.0.1:{port}/")
    monkeypatch.setattr(fashion, "FASHION_MNIST", source)
    with pytest.raises(DownloadFailed, match=r"(?s)t10k-images.*put it into.*solids\(\)"):
        fashion_mnist("test")


def test_cifar_archive_with_another_checksum_is_not_placed(server, tmp_path, monkeypatch):
    server.files["cifar-10-python.tar.gz"] = CONTENT
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("STRIDES_CIFAR10", raising=False)
    source = replace(cifar.CIFAR_10, address=server.address)
    monkeypatch.setattr(cifar, "CIFAR_10", source)
    with pytest.raises(DamagedData, match="expected md5 c58f30108f718f92721af3b95e74349a"):
        cifar.cifar10("test")
    assert list((tmp_path / "cifar-10").iterdir()) == []
