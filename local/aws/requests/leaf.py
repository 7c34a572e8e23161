"""A text of a query string, a form, a header or an XML document as the model's type."""

from botocore.model import Shape


def from_text(shape: Shape, text: str) -> object:
    """The value that a text stands for; the text itself when it is none of the type, for the check to find."""
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            return float(text)
    except ValueError:
        return text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text
