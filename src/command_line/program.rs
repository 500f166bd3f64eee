//! Recognizes the kubelet among programs.

/// How many of the arguments of a process name the kubelet; `None` if it is another program.
pub fn arguments_of_kubelet(arguments: &[String]) -> Option<usize> {
    words_of_program(arguments.first().map(String::as_str), arguments.get(1).map(String::as_str))
}

/// How many of the first words of a command name the kubelet: 1, or 2 with hyperkube. `None` for another
/// program.
pub(super) fn words_of_program(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match (first, second) {
        (Some(first), _) if is_kubelet(first) => Some(1),
        (Some(first), Some(second)) if is_hyperkube(first) && is_kubelet(second) => Some(2),
        _ => None,
    }
}

/// Whether `program` is the path of a kubelet binary, in any directory.
pub(super) fn is_kubelet(program: &str) -> bool {
    program.rsplit('/').next() == Some("kubelet")
}

/// Whether `program` is the binary with all of Kubernetes up to 1.18, whose first argument names the
/// component.
pub(super) fn is_hyperkube(program: &str) -> bool {
    program.rsplit('/').next() == Some("hyperkube")
}
