"""What does the intruder try, and what does he get? He has read this code and comes over HTTP, as everybody does."""
