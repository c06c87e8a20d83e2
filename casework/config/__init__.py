"""Reading and checking of the ``config/`` folder."""
