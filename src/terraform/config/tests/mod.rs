//! Tests over whole configurations.
