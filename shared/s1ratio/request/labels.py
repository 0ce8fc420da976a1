"""Labels as texts, one each: what is stored of them, to find requests by."""


def label_text(name: str, value: str) -> str:
    """Return a label as `name=value`, in which what is special of the name is escaped."""
    return f"{name.replace('%', '%25').replace('=', '%3D')}={value}"


def split_label(text: str) -> tuple[str, str]:
    """Return the name and the value of a label's text."""
    name, _, value = text.partition("=")
    return name.replace("%3D", "=").replace("%25", "%"), value
