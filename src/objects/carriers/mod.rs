//! The families of carriers, one file each.

pub(super) mod aks;
pub(super) mod bottlerocket;
pub(super) mod cluster_api;
pub(super) mod cluster_class;
pub(super) mod config_map;
pub(super) mod eks;
pub(super) mod eks_anywhere;
pub(super) mod eksctl;
pub(super) mod gardener;
pub(super) mod gke;
pub(super) mod ignition;
pub(super) mod k0s;
pub(super) mod k3s;
pub(super) mod karpenter;
pub(super) mod kind;
pub(super) mod kops;
pub(super) mod kubeadm;
pub(super) mod openshift;
pub(super) mod rancher;
pub(super) mod talos;
pub(super) mod user_data;
pub(super) mod workloads;
