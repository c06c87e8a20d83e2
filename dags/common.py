"""What every DAG of ours shares: who owns it, how often a task is tried, how long it may take, its parameters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, Param

POSTS = Asset("huiying://posts")
"""New posts are in the store: what follows is started by it."""
SOURCES = "sources"
"""Airflow pool (``dags/pools.json``): how many sources are walked at once, so that other tasks find a free slot."""
START = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS: dict[str, Any] = {
    "owner": "huiying",
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "execution_timeout": timedelta(minutes=30),
}
NOW = Param(None, type=["null", "string"], description="the moment to work at, with offset; empty: the clock")
COMMON: dict[str, Any] = {
    "start_date": START,
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULTS,
    "dagrun_timeout": timedelta(hours=1),
}
