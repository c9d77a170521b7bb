"""The line between a page and the server: what the page says is held back, or the line is cut, while the server goes on."""

from playwright.sync_api import Page, WebSocketRoute

READ_AGAIN = '"is_hydrated_rx_state_":true'
"""What Reflex says once a page was read."""


class Line:
    """Stands on every socket that the page opens from now on."""

    def __init__(self, page: Page) -> None:
        self._open: list[WebSocketRoute] = []
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        self._held, self._network = "", page.context
        self._read_again = False
        page.route_web_socket("**", self._carry)

    def _carry(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self._open.append(socket)
        socket.on_message(lambda message: self._said(server, message))
        server.on_message(lambda message: self._heard(socket, message))

    def _said(self, server: WebSocketRoute, message: str | bytes) -> None:
        if self._held and self._held in str(message):
            self._waiting.append((server, message))
        else:
            server.send(message)

    def _heard(self, socket: WebSocketRoute, message: str | bytes) -> None:
        self._read_again = self._read_again or READ_AGAIN in str(message)
        socket.send(message)

    def is_read_again(self) -> bool:
        """Tell whether the page was read again since the line was cut: what is clicked before may be lost with the page of before."""
        self._network.pages[0].evaluate("1")  # so that what has come is heard
        return self._read_again

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
        self._read_again = False
        for socket in self._open:
            socket.close()
        self._open.clear()

    def mend(self) -> None:
        """Let sockets through again."""
        self._network.set_offline(False)
