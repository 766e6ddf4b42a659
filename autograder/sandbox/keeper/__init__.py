"""The trusted parents of learners' processes: fork, watch, end, clean up."""
