//! The files of other apps: those that we made, what becomes of them when they are damaged, and real ones where they
//! lie beside the project.

mod apps;
mod corpus;
mod databases;
mod fixtures;
mod keepass;
mod malicious;
mod pictures;
mod tokens;
mod zipped;
