"""Is every item that an intruder is known to leave behind undone, and is the owner's own later change still there?"""
