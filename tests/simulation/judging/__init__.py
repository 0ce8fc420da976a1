"""What must hold, while a schedule is lived through and when it is over."""
