"""The network, the machine's own included, and sockets that are files or have abstract names."""

from __future__ import annotations

from ..attack import ANY, Attack, Expect, beside, in_cell

ATTACKS: list[Attack] = [
    in_cell(
        "outside",
        "connects to the world, over TCP, UDP and by name",
        """import socket
for host, port in (("8.8.8.8", 53), ("1.1.1.1", 80), ("2001:4860:4860::8888", 53)):
    try:
        socket.create_connection((host, port), 0.3)
        leaked(host)
    except OSError:
        pass
for name in ("pypi.org", "example.com"):
    try:
        leaked(socket.getaddrinfo(name, 80))
    except OSError:
        pass
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    end.sendto(b"x", ("8.8.8.8", 53))
    leaked("a datagram left")
except OSError:
    pass""",
    ),
    in_cell(
        "loopback",
        "connects to every service of this machine",
        """import socket
for port in [22, 25, 53, 80, 111, 443, 631, 3306, 5432, 6379, 8000, 8080, 8786, 8787, 8888, 9001,
             *range(32768, 61000, 7)]:
    end = socket.socket()
    end.settimeout(0.2)
    if end.connect_ex(("127.0.0.1", port)) == 0:
        leaked(port)
    end.close()""",
    ),
    in_cell(
        "interfaces",
        "lists interfaces, routes and connections",
        """import glob, socket
names = [name for _, name in socket.if_nameindex()]
if set(names) - {"lo", "tunl0", "sit0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0",
                 "ip6_vti0", "ip6gre0"}:
    leaked(names)
for path in ("/proc/net/tcp", "/proc/net/unix", "/proc/net/route"):
    try:
        lines = open(path).read().splitlines()[1:]
        if path.endswith(("tcp", "route")) and lines:
            leaked(path, lines)
    except OSError:
        pass""",
    ),
    in_cell(
        "unix_sockets",
        "connects to sockets of the system: Docker, D-Bus, X, systemd, databases",
        """import glob, socket
for path in ["/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket",
             "/run/systemd/private", "/tmp/.X11-unix/X0", "/run/containerd/containerd.sock",
             *glob.glob("/run/**/*.sock", recursive=True), *glob.glob("/tmp/**/*sock*")]:
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        leaked(path)
    except OSError:
        pass""",
    ),
    in_cell(
        "abstract_sockets",
        "connects to every abstract socket that the system lists",
        """import socket
try:
    names = [line.split()[-1] for line in open("/proc/net/unix") if "@" in line]
except OSError:
    names = []
for name in [*names, "@/tmp/.X11-unix/X0", "@/containerd-shim/x"]:
    try:
        socket.socket(socket.AF_UNIX).connect("\\0" + name[1:])
        leaked(name)
    except OSError:
        pass""",
    ),
    in_cell(
        "odd_families",
        "opens raw, packet, netlink, vsock and crypto sockets",
        """import socket, struct
for family, kind, protocol in ((17, 3, 0x300), (2, 3, 1), (40, 1, 0), (38, 5, 0), (16, 3, 9)):
    try:
        end = socket.socket(family, kind, protocol)
        if family == 40:
            end.settimeout(0.2)
            end.connect((2, 1024))
            leaked("vsock")
        if family in (17, 2):
            end.settimeout(0.2)
            leaked(end.recv(100)) if family == 17 else None
    except OSError as problem:
        print(problem.strerror)""",
        expects=Expect(0, ANY),
    ),
    beside(
        "server",
        "listens, and talks to itself; the answers are right",
        """import socket, threading
try:
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=server.accept, daemon=True).start()
    socket.create_connection(server.getsockname(), 0.5)
except OSError as problem:
    print(problem.strerror)""",
    ),
    beside(
        "download",
        "downloads with urllib and pip; the answers are right",
        "import urllib.request\ntry:\n    urllib.request.urlopen('http://a.example', timeout=0.5)\n"
        "    leaked('the world')\nexcept OSError as problem:\n    print('no network')",
    ),
]
