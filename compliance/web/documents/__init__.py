"""Documents that people take away: tagged PDF, DOCX with real headings, and the Markdown that both are set from."""
