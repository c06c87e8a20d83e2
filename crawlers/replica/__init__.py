"""A local stand-in for the sites: serves posts in the sites' own formats, on loopback only.

Used by the demo, the proof and the tests; the spiders cannot tell it from the sites but by its address.
"""

from crawlers.replica.faults import Fault
from crawlers.replica.server import Replica, serve_replica
from crawlers.replica.site import SavedPage, saved_pages
from crawlers.replica.sites.timeline import time_of_mid

__all__ = ["Fault", "Replica", "SavedPage", "saved_pages", "serve_replica", "time_of_mid"]
