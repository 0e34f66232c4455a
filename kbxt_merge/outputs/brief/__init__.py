"""情况汇报.docx: a page for the chief and the term's report, in a template that the bureau edits in Word."""
