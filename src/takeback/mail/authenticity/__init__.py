"""What is there to be found in a mail: its proofs, its addresses, its links. `core.authenticity` decides."""
