"""Regions: standing areas that are asked for on a schedule, or when new scenes are there. Pure.

`model` is a region as its file has it, `reader` the way from a file's data to regions or to every
fault, `due` and `passes` what is wanted of them and when, `admission` what is made of that.
"""
