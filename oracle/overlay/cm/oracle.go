package cm

import v1 "k8s.io/api/core/v1"

// OracleReservation gives what a node with this configuration keeps for itself.
func OracleReservation(config NodeConfig, capacity v1.ResourceList) v1.ResourceList {
	manager := &containerManagerImpl{NodeConfig: config, capacity: capacity}
	return manager.GetNodeAllocatableReservation()
}

// OracleValidateAllocatable says whether that is more than the node has.
func OracleValidateAllocatable(config NodeConfig, capacity v1.ResourceList) error {
	manager := &containerManagerImpl{NodeConfig: config, capacity: capacity}
	return manager.validateNodeAllocatable()
}
