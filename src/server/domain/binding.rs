//! A binding: an authenticator of a user for an application, or a hardware token for one or all of them.

use super::{judge::Moving, time::Time};
use crate::otp::Otp;

/// One authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Its id.
    pub id: String,
    /// The application that it is for; a hardware token may be for all.
    pub application: Option<String>,
    /// What it is.
    pub device: Device,
    /// Whether it opens anything.
    pub state: State,
    /// What makes its codes.
    pub otp: Otp,
    /// What is remembered of the codes that were accepted.
    pub moving: Moving,
    /// When it was begun.
    pub created: Time,
    /// When a code of it was accepted last.
    pub used: Option<Time>,
}

/// What an authenticator is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// A program on a telephone or a computer.
    App,
    /// A hardware token with a number on its back.
    Token {
        /// That number.
        serial: String,
    },
}

/// Whether a binding opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Begun; no code was shown yet. Opens nothing.
    Unconfirmed,
    /// Opens.
    Active,
    /// Closed after a hundred wrong codes.
    Disabled,
}

impl Binding {
    /// Whether it is for an application.
    pub fn is_for(&self, application: &str) -> bool {
        self.application.as_deref().is_none_or(|own| own == application)
    }

    /// Whether a code of it opens an application.
    pub fn opens(&self, application: &str) -> bool {
        self.state == State::Active && self.is_for(application)
    }

    /// Whether it goes when its application stops asking for codes: hardware tokens stay.
    pub fn is_app(&self) -> bool {
        self.device == Device::App
    }
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unconfirmed, Self::Active, Self::Disabled];

    /// The word in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}
