"""A stack operation: what CreateStack, UpdateStack and ExecuteChangeSet run in the background."""
