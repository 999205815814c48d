"""Which evidence backs what was answered of a control's review. The link points left: an answer knows no evidence."""
