"""A folder of STAC items as a catalogue."""
