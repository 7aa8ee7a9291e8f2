#!/usr/bin/python3
"""Servers that write down whom they let in: server.py LOG ENDPOINT...

An endpoint is ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH. Each connection is logged as
"accept ENDPOINT" before anything is sent, greeted with "hello from ENDPOINT", and read to its end.
"""
import os
import socket
import sys
import threading


def listener(endpoint):
    if endpoint.startswith("unix:"):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(endpoint[len("unix:"):])
        os.chmod(endpoint[len("unix:"):], 0o666)
    else:
        host, port = endpoint.rsplit(":", 1)
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        sock = socket.socket(family)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host.strip("[]"), int(port)))
    sock.listen(256)
    return sock


def serve(connection, endpoint):
    with connection:
        try:
            connection.settimeout(30)
            connection.sendall(b"hello from %s\n" % endpoint.encode())
            while connection.recv(4096):
                pass
        except OSError:
            pass  # the client's affair


def accept(sock, endpoint, log):
    while True:
        connection, _ = sock.accept()
        os.write(log, b"accept %s\n" % endpoint.encode())
        threading.Thread(target=serve, args=(connection, endpoint), daemon=True).start()


def main():
    log_path, *endpoints = sys.argv[1:]
    sockets = [(listener(e), e) for e in endpoints]
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    threads = [threading.Thread(target=accept, args=(s, e, log)) for s, e in sockets]
    for thread in threads:
        thread.start()
    os.write(log, b"ready\n")
    for thread in threads:
        thread.join()


main()
