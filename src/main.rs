//! sesam: parse, run, exit code. Everything else lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    sesam::cli::main(&arguments)
}
