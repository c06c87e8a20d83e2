"""Channels, one a file; a file is imported when the configuration names it.

To add one, write ``<name>.py`` here: ``Settings`` (frozen, unknown keys refused; a secret is the *name* of an
environment variable, in a key that ends in ``_env``), ``Channel(name, settings, environ)`` with
``send(message) -> Delivery``, and ``EXAMPLE``. The contract suite in ``tests/contract/channels`` finds it.
"""
