"""Change sets: what they compare, how they are made, described and executed."""
