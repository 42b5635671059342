"""Quality: rules that find incomplete resources."""
