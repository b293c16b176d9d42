"""What enterprises do when something happens elsewhere: packs loaded, demonstration removed."""
