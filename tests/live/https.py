#!/usr/bin/python3
"""Serves a folder by https: https.py CERTIFICATE-AND-KEY FOLDER ADDRESS PORT"""
import functools
import http.server
import ssl
import sys

pem, folder, address, port = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer((address, int(port)), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(pem)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
