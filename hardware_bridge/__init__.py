"""The program that stands beside the card reader; it shares only `hardware_bridge.protocol` with the server."""
