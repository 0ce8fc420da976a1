"""What goes over the wire: a small HTTP server, requests, replies and their bodies."""
