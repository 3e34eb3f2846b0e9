"""The page that is there when no document is open."""
