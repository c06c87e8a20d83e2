"""Airflow DAGs: airflow at the top, pipeline.jobs inside a task."""
