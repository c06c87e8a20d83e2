"""Real servers on loopback for people who have none: started and stopped by make, each by its own pid."""
