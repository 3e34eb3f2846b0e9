"""Code of others: read without being run, and run only once it is trusted."""
