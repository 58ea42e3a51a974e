# A unit of the stack.
