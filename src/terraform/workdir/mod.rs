//! The root module.
