//! Strict JSON with spans.
