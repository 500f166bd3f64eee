//! Chooses the reader for a document as the kubelet does.
