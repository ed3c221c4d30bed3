"""How many examples a property is tried with: few on every change, many at night."""

from hypothesis import settings


def examples(count: int, *, nightly: int) -> settings:
    """Try a property `count` times, or `nightly` times under that profile."""
    is_nightly = settings.get_current_profile_name() == "nightly"
    return settings(max_examples=nightly if is_nightly else count)
