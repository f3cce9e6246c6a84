//! What comes of anything here.

/// Any failure; its text is for whoever measures.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
