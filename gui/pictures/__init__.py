"""Numbers as pictures, and widgets that show them; used by the data and results panels."""
