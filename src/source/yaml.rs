//! YAML 1.1 as go-yaml v2 reads it, turned into JSON's values with spans.
