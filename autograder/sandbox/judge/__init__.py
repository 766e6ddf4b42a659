"""Our side of the wall: starts learners' processes, asks, and believes nothing."""
