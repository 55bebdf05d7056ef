//! Admin mode from the outside: one contract for every provider, proven by sign-ins; and what goes wrong on the way.

mod certificates;
mod cli;
mod contract;
mod crash;
pub(crate) mod credentials;
mod demo;
mod desk;
mod faults;
mod foreign;
mod idea;
mod idea_faults;
mod idea_rights;
mod keycloak;
mod live;
mod malicious;
mod privacyidea;
mod proxy;
mod scene;
mod table;
mod trust;
