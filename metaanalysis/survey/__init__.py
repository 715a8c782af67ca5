"""The 2020 survey itself: its checklist, sentences, printed numbers and corrections."""
