"""Forms for the parts of a document beside the network; used by several panels."""
