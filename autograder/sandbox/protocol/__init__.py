"""What both sides of the wall speak: plans, limits, messages, values as bytes."""
