"""Events as each channel shows them: pure, one file a channel."""
