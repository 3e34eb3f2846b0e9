"""Editors made from declared fields: one class a type of field, and the form that holds them."""
