"""Sheets on which code of others is read, trusted, and trusted no longer."""
