"""Evidence packs: a bag of files with what proves, offline, that they are what was received, when, and unchanged since."""
