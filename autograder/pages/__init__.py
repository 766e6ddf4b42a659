"""What people read: feedback, reports, progress; HTML is made here and nowhere else."""
