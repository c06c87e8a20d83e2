"""Any list page with article pages."""
