"""Files and documents: opened, saved, watched, kept from being lost."""
