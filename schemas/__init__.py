"""Form definitions that a bureau edits: a YAML a form, vocabularies.yaml and headers.yaml."""
