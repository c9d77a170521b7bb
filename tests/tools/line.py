"""The line between a page and the server: what the page says is held back, or the line is cut, while the server goes on."""

from playwright.sync_api import Page, WebSocketRoute


class Line:
    """Stands on every socket that the page opens from now on."""

    def __init__(self, page: Page) -> None:
        self._open: list[WebSocketRoute] = []
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        self._held, self._network = "", page.context
        page.route_web_socket("**", self._carry)

    def _carry(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self._open.append(socket)
        socket.on_message(lambda message: self._said(server, message))

    def _said(self, server: WebSocketRoute, message: str | bytes) -> None:
        if self._held and self._held in str(message):
            self._waiting.append((server, message))
        else:
            server.send(message)

    def hold(self, words: str) -> None:
        """Keep back what the page says with these words."""
        self._held = words

    def let_go(self) -> None:
        """Let what was kept back through, and what comes."""
        self._held = ""
        for server, message in self._waiting:
            server.send(message)
        self._waiting.clear()

    def cut(self) -> None:
        """Close every socket, and let none be opened."""
        self._network.set_offline(True)
        for socket in self._open:
            socket.close()
        self._open.clear()

    def mend(self) -> None:
        """Let sockets through again."""
        self._network.set_offline(False)
