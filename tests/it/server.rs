//! sesamd from the outside of its rooms: the rules told as stories, and the store on real databases.

mod actors;
mod administration;
pub(crate) mod api;
mod at_rest;
mod binding;
pub(crate) mod databases;
mod doors;
mod help_api;
mod helpdesk;
mod lock;
mod scene;
mod sign_in;
mod silent;
mod store;
