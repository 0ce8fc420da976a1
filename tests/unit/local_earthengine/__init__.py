"""The local Earth Engine, room by room, fed with what the real client builds."""
