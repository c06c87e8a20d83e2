"""The commands, by group. A module imports heavy parts inside its functions: ``huiying --help`` must be light."""
