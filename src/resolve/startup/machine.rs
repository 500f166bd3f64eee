//! The capacity of a node.

use crate::kubelet::cpu_set::CpuSet;

/// What a node has. Reservations are compared with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// CPUs, numbered from 0.
    pub cpus: i64,
    /// Memory in bytes.
    pub memory: i64,
    /// NUMA nodes, numbered from 0.
    pub numa_nodes: i64,
    /// Whether the distances between NUMA nodes are known.
    pub has_numa_distances: bool,
}

impl Machine {
    /// The machine on which the oracle runs the kubelet's own code (docs/oracle.md).
    pub const ORACLE: Self = Self { cpus: 8, memory: 32 << 30, numa_nodes: 1, has_numa_distances: false };

    /// Whether it has all of these CPUs.
    pub(super) fn has(self, cpus: &CpuSet) -> bool {
        cpus.last().is_none_or(|last| last < self.cpus)
    }
}
