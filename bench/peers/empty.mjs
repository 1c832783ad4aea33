// A process that does nothing, and ends.
