"""Events as each channel shows them. Pure: `terminal` and `terminal_plan` give what rich draws, `console` prints it."""
