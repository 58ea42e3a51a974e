//! Texts in other languages (YAML, JSON, CSV) as values whose every scalar and key knows where it was written.
