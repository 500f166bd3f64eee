//! A component for hosts of the component model; its world is `wit/world.wit`, and imports nothing.
//!
//! `evaluate` is the one door of every form, JSON in and JSON out. `check` answers in the types of the
//! host's own language.

#[cfg(target_arch = "wasm32")]
mod component;
#[cfg(target_arch = "wasm32")]
mod generated;

use kubelet_audit::request::{ArgsInput, Basis, ConfigInput, Request};

/// Settings as the world has them; texts that mean nothing are said to be wrong by [`request`].
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The kubelet's command line, or its systemd unit.
    pub args: Option<String>,
    /// Kubernetes version.
    pub kubelet_version: Option<String>,
    /// Benchmark edition.
    pub benchmark: Option<String>,
    /// Highest profile level.
    pub level: Option<u8>,
    /// What the status is taken from.
    pub basis: Option<String>,
    /// Name of the node.
    pub node: Option<String>,
}

/// The request that these ask, or why there is none.
pub fn request(config: String, settings: Settings) -> Result<Request, String> {
    let basis = match settings.basis.as_deref() {
        None | Some("benchmark") => Basis::Benchmark,
        Some("effective") => Basis::Effective,
        Some("both") => Basis::Both,
        Some(_) => return Err("basis takes benchmark, effective or both".to_owned()),
    };
    Ok(Request {
        config: Some(ConfigInput::Text(config)),
        args: settings.args.map(ArgsInput::Text),
        kubelet_version: settings.kubelet_version,
        benchmark: settings.benchmark,
        level: settings.level,
        basis,
        node: settings.node,
        effective: Some(false),
        ..Request::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{Settings, request};

    #[test]
    fn settings_become_a_request() {
        let settings = Settings { level: Some(1), basis: Some("both".to_owned()), ..Settings::default() };
        let request = request(String::new(), settings).unwrap();
        assert_eq!(request.level, Some(1));
        assert_eq!(request.basis, kubelet_audit::request::Basis::Both);
        let wrong = Settings { basis: Some("all".to_owned()), ..Settings::default() };
        assert!(super::request(String::new(), wrong).is_err());
    }
}
