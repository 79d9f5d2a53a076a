"""A student's program in a process of its own that can do nothing but compute."""
