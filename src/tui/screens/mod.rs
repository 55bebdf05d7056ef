//! One screen, one file; larger ones have a room of their own.

pub mod account;
pub mod admin;
pub mod codes;
pub mod confirm;
pub mod damaged;
pub mod detail;
pub mod files;
pub mod first_run;
pub mod form;
pub mod help;
pub mod import;
pub mod menu;
pub mod new_vault;
pub mod other_vault;
pub mod pasted;
pub mod qr;
pub mod tags;
pub mod unlock;

use std::sync::Arc;

use super::{
    context::{Context, First},
    screen::Screen,
    session::Session,
};
use crate::vault::VaultError;

/// The screen that the program begins with.
///
/// # Errors
/// When an open vault cannot be read.
pub fn first(cx: &mut Context, first: First) -> Result<Vec<Box<dyn Screen>>, VaultError> {
    match first {
        First::Open(vault) => {
            let vault = Arc::new(*vault);
            let damaged = match Session::open(&vault) {
                Ok(session) => {
                    cx.session = Some(session);
                    None
                }
                Err(error) => Some(damaged::Damaged::new(vault, &error).ok_or(error)?),
            };
            let mut screens: Vec<Box<dyn Screen>> = vec![Box::new(codes::Codes::new(cx))];
            if let Some(damaged) = damaged {
                screens.push(Box::new(unlock::Unlock::first()));
                screens.push(Box::new(damaged));
            }
            Ok(screens)
        }
        First::Locked => Ok(vec![Box::new(codes::Codes::new(cx)), Box::new(unlock::Unlock::first())]),
        First::FirstRun => Ok(vec![Box::new(first_run::FirstRun::default())]),
    }
}
