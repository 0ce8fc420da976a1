"""Sentinel-1 VV/VH ratio composites: a request becomes a plan, a plan becomes verified exports."""
