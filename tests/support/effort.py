"""How many examples a property is tried with: few on every change, many at night."""

from hypothesis import HealthCheck, Phase, settings


def examples(count: int, *, nightly: int) -> settings:
    """Try a property `count` times, or `nightly` times under that profile."""
    return settings(max_examples=nightly if is_night() else count)


def long_examples(count: int, *, nightly: int) -> settings:
    """Likewise, for examples that each take a while: what fails is only made smaller at night."""
    phases = list(Phase) if is_night() else [Phase.explicit, Phase.generate]
    return settings(parent=examples(count, nightly=nightly), phases=phases, suppress_health_check=list(HealthCheck))


def is_night() -> bool:
    """Tell whether there is time."""
    return settings.get_current_profile_name() == "nightly"
