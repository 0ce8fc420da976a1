"""The error of the embedded cloud: a function of it answered one."""

from s1ratio.errors import S1RatioError


class FunctionFailed(S1RatioError):
    """An embedded function answered that it could not do what it was called for."""
