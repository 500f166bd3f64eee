//! `kubelet-audit completions` and `kubelet-audit man`, generated from the definition of the command line.

use clap_complete::Shell;

use crate::args::definition;
use crate::failure::Failure;

/// Width of the definition, which neither scripts nor the manual page depend on.
const WIDTH: usize = 100;

/// Returns the completion script of a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut definition = definition(WIDTH);
    let name = definition.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition, name, &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        // clap_complete 4.6 writes the hyphen of the program name in two ways, so that bash would find no command.
        Shell::Bash => script.replace("kubelet__subcmd__audit", "kubelet__audit"),
        _ => script.into_owned(),
    }
}

/// Returns the manual page in roff.
pub(crate) fn manual() -> Result<String, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(definition(WIDTH))
        .render(&mut page)
        .map_err(|error| Failure::unusable(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
