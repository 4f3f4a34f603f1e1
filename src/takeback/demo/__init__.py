"""The whole story on a real shop, in a terminal: `takeback demo`."""
