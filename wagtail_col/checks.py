"""System checks of the ground."""
