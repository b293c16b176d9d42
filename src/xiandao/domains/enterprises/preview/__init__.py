"""What a change of the catalogue does on the register in force, before it is published."""
