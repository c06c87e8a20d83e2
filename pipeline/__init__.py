"""The one place that knows every part and joins them: wiring, jobs, papers, command line."""
