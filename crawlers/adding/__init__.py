"""Adding a source: look at one list and one page, propose the rules by trying them, write the files, show the items."""
