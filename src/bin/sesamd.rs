//! sesamd: the door of the server. What it does is said in `server::command`.

use std::process::ExitCode;

fn main() -> ExitCode {
    sesam::server::command::main()
}
