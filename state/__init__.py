"""What a browser may ask for: thin workflows between the screens and the use cases."""
