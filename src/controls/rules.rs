//! The controls, one file each.

mod anonymous_auth;
mod authorization_mode;
mod cadvisor_port;
mod client_ca_file;
mod debugging_handlers;
mod event_qps;
mod hostname_override;
mod ip_address_deny;
mod make_iptables_util_chains;
mod ocp_garbage_collection;
mod pod_max_pids;
mod protect_kernel_defaults;
mod read_only_port;
mod rotate_certificates;
mod rotate_kubelet_client_certificate_gate;
mod rotate_kubelet_server_certificate;
mod seccomp_default;
mod stig_dynamic_auditing;
mod stig_dynamic_kubelet_config;
mod stig_static_pod_path;
mod streaming_connection_idle_timeout;
mod tls_cert_key;
mod tls_cipher_suites;
mod tls_min_version;
mod webhook_authentication;

use super::control::Control;

/// Every control, in the order in which benchmarks have them.
pub static CONTROLS: &[&dyn Control] = &[
    &anonymous_auth::AnonymousAuth,
    &authorization_mode::AuthorizationMode,
    &client_ca_file::ClientCaFile,
    &read_only_port::ReadOnlyPort,
    &streaming_connection_idle_timeout::StreamingConnectionIdleTimeout,
    &protect_kernel_defaults::ProtectKernelDefaults,
    &make_iptables_util_chains::MakeIptablesUtilChains,
    &hostname_override::HostnameOverride,
    &event_qps::EventQps,
    &tls_cert_key::TlsCertKey,
    &rotate_certificates::RotateCertificates,
    &rotate_kubelet_server_certificate::RotateKubeletServerCertificate,
    &rotate_kubelet_client_certificate_gate::RotateKubeletClientCertificateGate,
    &tls_cipher_suites::TlsCipherSuites,
    &tls_min_version::TlsMinVersion,
    &pod_max_pids::PodMaxPids,
    &seccomp_default::SeccompDefault,
    &ip_address_deny::IpAddressDeny,
    &webhook_authentication::WebhookAuthentication,
    &debugging_handlers::DebuggingHandlers,
    &stig_static_pod_path::StigStaticPodPath,
    &stig_dynamic_auditing::StigDynamicAuditing,
    &stig_dynamic_kubelet_config::StigDynamicKubeletConfig,
    &cadvisor_port::CadvisorPort,
    &ocp_garbage_collection::OcpGarbageCollection,
];

/// Returns the control with this slug.
pub fn control(slug: &str) -> Option<&'static dyn Control> {
    CONTROLS.iter().copied().find(|control| control.metadata().slug == slug)
}
