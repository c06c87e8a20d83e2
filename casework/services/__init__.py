"""One use case a file: functions of ports, domain values and ``now``."""
