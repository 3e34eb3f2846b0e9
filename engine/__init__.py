"""Everything Netloom knows that is not a window: documents, catalog, training, files."""
