"""The stores: SQLite (embedded default) and Elasticsearch."""
