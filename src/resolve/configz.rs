//! The configuration as `/configz` shows it.

use crate::kubelet::Version;
use crate::kubelet::fields::{FIELDS, FieldId, OBJECTS, ObjectKind};

use crate::kubelet::fields::id;

use super::configuration::Configuration;
use super::outcome::Resolved;
use super::value::Value;

impl Resolved {
    /// The response of this kubelet, `{"kubeletconfig": {...}}`: fields under their v1beta1 names, without zero
    /// values if their type omits them, and with all objects. Since 1.36 it includes kind and apiVersion
    /// (`cmd/kubelet/app/server.go`, `setConfigz`). `None` if the kubelet stops before its configuration is
    /// complete.
    pub fn to_configz(&self) -> Option<serde_json::Value> {
        let mut configuration = self.configuration.clone()?;
        // The flag is separate from the field, combined with it by OR, and not shown.
        if let Some(given) = self.flags.last("seccomp-default")
            && configuration.slot(id::SECCOMP_DEFAULT).place == given.place
        {
            configuration.set(id::SECCOMP_DEFAULT, Value::Bool(false), given.place);
        }
        Some(show(&configuration, self.version))
    }
}

fn show(configuration: &Configuration, version: Version) -> serde_json::Value {
    use serde_json::{Map, Value as Json};
    let mut root = Map::new();
    if version.at_least(36) {
        root.insert("kind".into(), "KubeletConfiguration".into());
        root.insert("apiVersion".into(), "kubelet.config.k8s.io/v1beta1".into());
    }
    let objects = OBJECTS.iter().filter(|(path, kind)| {
        *kind == ObjectKind::Plain
            && FIELDS.iter().any(|f| {
                f.exists_in(version) && f.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
            })
    });
    for (path, _) in objects {
        put(&mut root, path, Json::Object(Map::new()));
    }
    for field in configuration.shown(version) {
        let value = configuration.value(field).to_json(field.field().kind);
        put(&mut root, FieldId::field(field).path, value);
    }
    let mut outer = Map::new();
    outer.insert("kubeletconfig".into(), Json::Object(root));
    Json::Object(outer)
}

fn put(root: &mut serde_json::Map<String, serde_json::Value>, path: &str, value: serde_json::Value) {
    match path.split_once('.') {
        None => {
            root.entry(path).or_insert(value);
        }
        Some((parent, below)) => {
            let entry =
                root.entry(parent).or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()));
            if let Some(object) = entry.as_object_mut() {
                put(object, below, value);
            }
        }
    }
}
