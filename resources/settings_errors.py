"""What is said when settings are wrong: one line for each problem, with the name that was probably meant.

No message shows a value, since the value of a setting in the wrong place can be a secret.
"""

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

PREFIX = "PUNCHOUT_"
NESTING = "__"
# Variables of ours that are no settings: where the settings are, and where tests find their data.
_OTHER_VARIABLES = frozenset({"config", "test_data"})
# Kubernetes makes variables such as PUNCHOUT_PORT and PUNCHOUT_SERVICE_HOST for a service that is called punchout.
_MADE_BY_OTHERS = ("port", "service")
# As close as a slip of the finger: a variable of another program is no mistake in ours.
_CLOSE = 0.75


def variable_name(name: str) -> str:
    """Return the environment variable of a setting: `orders.sent_by` is `PUNCHOUT_ORDERS__SENT_BY`."""
    return PREFIX + name.replace(".", NESTING).upper()


def explained(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Yield one line for each thing that is wrong with the settings of a model."""
    for problem in error.errors(include_url=False, include_input=False):
        location = tuple(str(part) for part in problem["loc"])
        name = ".".join(location)
        if problem["type"] == "extra_forbidden":
            known = _names_beside(model, location)
            prefix = "".join(f"{part}." for part in location[:-1])
            yield f"{name}: there is no such setting{_meant(location[-1], known, prefix)}"
        elif problem["type"] == "missing":
            yield f"{name}: is not set"
        else:
            yield f"{name}: {problem['msg'].removeprefix('Value error, ')}"


def misspelt_variables(names: Iterable[str], model: type[BaseModel]) -> Iterator[str]:
    """Yield one line for each environment variable that begins like ours and names no section.

    A wrong name inside a section is found when the section is read.
    """
    known = [*model.model_fields, *_OTHER_VARIABLES]
    for name in sorted(names):
        if not name.startswith(PREFIX):
            continue
        section, nested, rest = name.removeprefix(PREFIX).lower().partition(NESTING)
        if section in known or section.startswith(_MADE_BY_OTHERS):
            continue
        close = next(iter(difflib.get_close_matches(section, known, n=1, cutoff=0.6 if nested else _CLOSE)), None)
        if close is not None:
            yield f"{name}: there is no such setting; did you mean {variable_name(close + nested + rest)}?"
        elif nested:
            yield f"{name}: there is no such setting"


def _meant(name: str, known: Iterable[str], prefix: str) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {prefix}{close[0]}?" if close else ""


def _names_beside(model: type[BaseModel], location: tuple[str, ...]) -> Iterable[str]:
    """Return the names that are known where an unknown one was found."""
    here = model
    for part in location[:-1]:
        field = here.model_fields.get(part)
        # Not a field: a key of a mapping or a place in a list, whose model is the one already at hand.
        inner = None if field is None else _model_in(field.annotation)
        here = inner or here
    return here.model_fields


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - an annotation can be any object
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part)) is not None), None)
