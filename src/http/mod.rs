//! The request layer that every live reader goes through.
