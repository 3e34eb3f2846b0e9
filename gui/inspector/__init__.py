"""The panel on the right: what is selected, or the document itself."""
