"""Names itself as a destination, and prints what it is told once an independent library and our example have verified it."""

import http.server
import sys
import threading

from standardwebhooks.webhooks import Webhook

from yichuang import Client, verified

site, token = sys.argv[1:]
came: list[tuple[dict[str, str], bytes]] = []
enough = threading.Event()


class Destination(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        came.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()
        if len(came) >= 2:
            enough.set()

    def log_message(self, *_: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Destination)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Client(site, token)
hook = client.post("/webhooks", {"url": f"http://127.0.0.1:{server.server_port}/", "kinds": ["case.*"]})
print("listening", flush=True)
assert enough.wait(60), "nothing was told"
for headers, body in list(came):
    message = verified(hook["secret"], headers, body)
    assert Webhook(hook["secret"]).verify(body, {name.lower(): value for name, value in headers.items()}) == message
    try:
        verified(hook["secret"], headers, body + b" ")
        raise SystemExit("a message that was changed was believed")
    except ValueError:
        pass
    print(message["type"], message["data"]["number"])
