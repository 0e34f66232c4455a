"""The bureau's post: the only home of SMTP and IMAP."""
