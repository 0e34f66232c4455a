"""What a bureau does with its definitions: load, export, draft, try and prove them."""
