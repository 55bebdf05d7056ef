//! The command line as a person meets it: arguments, stdin, stdout, stderr and exit code of the real program.

mod bad_input;
mod changes;
mod codes;
mod concurrency;
mod copy;
mod crash;
mod damage;
mod doctor;
mod generated;
pub(crate) mod hostile;
mod importing;
mod interop;
mod keyring;
mod lines;
mod list;
mod pictures;
mod secrets;
pub(crate) mod sesam;
mod store;
mod terminal;
mod unlock;
mod vault_files;
