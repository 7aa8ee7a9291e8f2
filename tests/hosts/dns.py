#!/usr/bin/python3
"""A name server for the throw-away host: dns.py LOG ZONE ADDRESS:PORT, by UDP and TCP.

ZONE is a file like /etc/hosts, read anew for each question: what it does not name does not exist.
While ZONE.hang is there, no question is answered. Each question is logged as "query NAME TYPE
udp|tcp", each TCP connection as "accept ADDRESS:PORT", before anything else is done about it.
"""
import ipaddress
import os
import socket
import struct
import sys
import threading

HEADER = struct.Struct("!HHHHHH")
TYPES = {1: "A", 28: "AAAA"}
ANSWER, NO_SUCH_NAME = 0x8580, 0x8583


def question_of(message):
    """The name in lower case, its type, and where the question ends."""
    at, labels = HEADER.size, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("ascii").lower())
        at += 1 + message[at]
    return ".".join(labels), struct.unpack_from("!H", message, at + 1)[0], at + 5


def addresses_of(zone, name):
    found = []
    with open(zone, encoding="ascii") as lines:
        for line in lines:
            address, *names = line.split() or [""]
            if name in names:
                found.append(ipaddress.ip_address(address))
    return found


def record(address):
    kind = 1 if address.version == 4 else 28
    return struct.pack("!HHHIH", 0xC00C, kind, 1, 1, len(address.packed)) + address.packed


def reply(zone, message, name, kind, end):
    known = addresses_of(zone, name)
    records = [record(a) for a in known if TYPES.get(kind) == ("A" if a.version == 4 else "AAAA")]
    header = HEADER.pack(
        struct.unpack_from("!H", message)[0], ANSWER if known else NO_SUCH_NAME, 1, len(records), 0, 0)
    return header + message[HEADER.size:end] + b"".join(records)


class Server:
    def __init__(self, log_path, zone, endpoint):
        self.log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.zone, self.endpoint = zone, endpoint
        host, port = endpoint.rsplit(":", 1)
        self.place = (host, int(port))

    def answer(self, message, transport):
        name, kind, end = question_of(message)
        os.write(self.log, b"query %s %s %s\n" % (
            name.encode(), TYPES.get(kind, str(kind)).encode(), transport))
        if os.path.exists(self.zone + ".hang"):
            return None
        return reply(self.zone, message, name, kind, end)

    def serve_udp(self, sock):
        while True:
            message, client = sock.recvfrom(4096)
            answer = self.answer(message, b"udp")
            if answer:
                sock.sendto(answer, client)

    def serve_connection(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                while len(size := stream.read(2)) == 2:
                    answer = self.answer(stream.read(int.from_bytes(size, "big")), b"tcp")
                    if answer:
                        connection.sendall(len(answer).to_bytes(2, "big") + answer)
            except OSError:
                pass  # the client's affair

    def serve_tcp(self, sock):
        while True:
            connection, _ = sock.accept()
            connection.settimeout(30)
            os.write(self.log, b"accept %s\n" % self.endpoint.encode())
            threading.Thread(target=self.serve_connection, args=(connection,), daemon=True).start()

    def run(self):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(self.place)
        tcp = socket.create_server(self.place)
        threading.Thread(target=self.serve_udp, args=(udp,), daemon=True).start()
        os.write(self.log, b"dns ready\n")
        self.serve_tcp(tcp)


Server(*sys.argv[1:]).run()
