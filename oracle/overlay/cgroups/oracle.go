package cgroups

// The fabricated machine has cgroup v2, whatever the machine that the oracle runs on has.
func init() {
	isUnifiedOnce.Do(func() { isUnified = true })
}
