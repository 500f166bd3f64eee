//! The raw module: no imports, a small memory ABI.
