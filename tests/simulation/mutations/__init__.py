"""Services with a fault in them, one at a time: the schedules must find each."""
