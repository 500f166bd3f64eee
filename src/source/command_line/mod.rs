//! Kubelet command lines: argv, process listings, systemd units, environment files.
