//! Graceful node shutdown.

use crate::kubelet::fields::id;

use super::check::Check;

const SECOND: i64 = 1_000_000_000;

pub(super) fn shutdown(check: &mut Check<'_>) {
    let configuration = check.configuration;
    let period = configuration.nanos(id::SHUTDOWN_GRACE_PERIOD);
    let critical = configuration.nanos(id::SHUTDOWN_GRACE_PERIOD_CRITICAL);
    let by_priority = !configuration.value(id::SHUTDOWN_BY_PRIORITY).is_zero();
    if check.is_on("GracefulNodeShutdown") {
        check.require(
            critical <= period,
            id::SHUTDOWN_GRACE_PERIOD_CRITICAL,
            "must not be longer than shutdownGracePeriod",
            "use at most shutdownGracePeriod",
        );
        for (field, nanos) in
            [(id::SHUTDOWN_GRACE_PERIOD, period), (id::SHUTDOWN_GRACE_PERIOD_CRITICAL, critical)]
        {
            check.require(
                nanos == 0 || nanos >= SECOND,
                field,
                "must be 0 or at least 1s",
                "use 0s to disable it, or 1s or more",
            );
        }
    } else if period > 0 || critical > 0 {
        check.refuse_without_gate(id::SHUTDOWN_GRACE_PERIOD, "GracefulNodeShutdown");
    }
    if !by_priority {
        return;
    }
    if !check.is_on("GracefulNodeShutdownBasedOnPodPriority") {
        check.refuse_without_gate(id::SHUTDOWN_BY_PRIORITY, "GracefulNodeShutdownBasedOnPodPriority");
    } else if period > 0 || critical > 0 {
        check.refuse(
            id::SHUTDOWN_BY_PRIORITY,
            "cannot be used with shutdownGracePeriod or shutdownGracePeriodCriticalPods",
            "remove one of them",
        );
    }
}
