"""The evaluator of the local Earth Engine, fed with what the real client builds."""
