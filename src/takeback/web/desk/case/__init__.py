"""What happened here, who did it, and what is being done? The page of a case for staff, its picture and its report."""
