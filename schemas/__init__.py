"""Form definitions that a bureau edits: a YAML a form, and vocabularies.yaml."""
