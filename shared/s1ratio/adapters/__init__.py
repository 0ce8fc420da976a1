"""What meets the ports: one SDK a module."""
