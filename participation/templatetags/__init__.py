"""What templates may ask for about tickets."""
