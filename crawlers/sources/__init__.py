"""One folder a source: ``source.yml`` says what it is, ``spider.py`` how its rows are read."""
