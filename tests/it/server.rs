//! sesamd from the outside of its rooms: the rules told as stories, and the store on real databases.

mod actors;
mod administration;
pub(crate) mod api;
mod at_rest;
mod audit;
mod binding;
mod calls;
mod countries;
pub(crate) mod databases;
mod doors;
mod help_api;
mod desk;
mod follow;
mod helpdesk;
mod letters;
mod lock;
mod mailbox;
mod me;
mod postman;
mod receiver;
mod scene;
mod settings;
mod sign_in;
mod silent;
mod store;
mod webhook;
