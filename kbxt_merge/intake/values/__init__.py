"""What a typed value means: dates, phones, numbers, words of a vocabulary."""
