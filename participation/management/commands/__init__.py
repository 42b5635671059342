"""Commands about tickets."""
