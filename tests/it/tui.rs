//! The full-screen view: keys in, screen out.

mod admin;
mod admin_apps;
mod admin_audit;
mod admin_browser;
mod admin_changes;
mod admin_charts;
mod admin_door;
mod admin_own;
mod admin_profiles;
mod form;
mod import;
mod life;
mod list;
mod qr;
mod screen;
mod tags;
