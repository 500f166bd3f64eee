//! The objects around fields.
//!
//! Source: `staging/src/k8s.io/kubelet/config/v1beta1/types.go` and component-base `logs/api/v1/types.go`.

use super::field::ObjectKind;

/// The objects with fields, sorted by path.
pub const OBJECTS: &[(&str, ObjectKind)] = &[
    ("authentication", ObjectKind::Plain),
    ("authentication.anonymous", ObjectKind::Plain),
    ("authentication.webhook", ObjectKind::Plain),
    ("authentication.x509", ObjectKind::Plain),
    ("authorization", ObjectKind::Plain),
    ("authorization.webhook", ObjectKind::Plain),
    ("crashLoopBackOff", ObjectKind::Plain),
    ("logging", ObjectKind::Plain),
    ("logging.options", ObjectKind::Plain),
    ("logging.options.json", ObjectKind::Plain),
    ("logging.options.text", ObjectKind::Plain),
    ("memorySwap", ObjectKind::Plain),
    ("tracing", ObjectKind::Pointer),
    ("userNamespaces", ObjectKind::Pointer),
];
