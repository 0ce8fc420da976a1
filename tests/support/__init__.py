"""What tests share: emulators, scenes, and the rule for what is missing."""
