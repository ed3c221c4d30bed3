"""What goes wrong with how the product is set up. Errors of remote systems live with their clients."""


class ConfigurationError(Exception):
    """A setting or a secret is missing or cannot be used.

    The message is for the person who writes the settings: it names the setting, and never shows a secret's value.
    """
