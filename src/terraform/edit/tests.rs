//! Splices of small texts.
