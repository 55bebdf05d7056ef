//! By which ways this server can send a code. A factor whose way is not set up is none for anybody: nothing is asked
//! for that cannot arrive.

use super::{config::Config, domain::factor::Factor, store::Case};

/// By which ways codes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    mail: bool,
    sms: bool,
}

impl Ways {
    /// Those that are set up.
    pub fn of(config: &Config) -> Self {
        Self { mail: config.mail.is_some(), sms: config.sms.is_some() }
    }

    /// Why nothing of this factor can be sent; `None` where it can, and for one whose codes are not sent.
    pub fn closed(self, factor: Factor) -> Option<&'static str> {
        match factor {
            Factor::Email if !self.mail => Some(NO_MAIL),
            Factor::Sms if !self.sms => Some(NO_SMS),
            _ => None,
        }
    }

    /// Decides as if the user had no address where nothing can be sent to it.
    pub fn hiding<T>(self, case: &mut Case, decide: impl FnOnce(&mut Case) -> T) -> T {
        let user = &mut case.person.user;
        let email = user.email.take_if(|_| !self.mail);
        let mobile = user.mobile.take_if(|_| !self.sms);
        let answer = decide(case);
        let user = &mut case.person.user;
        user.email = email.or(user.email.take());
        user.mobile = mobile.or(user.mobile.take());
        answer
    }
}

const NO_MAIL: &str = "no code can be sent this way: this server sends no e-mail; ask its administrator";
const NO_SMS: &str = "no code can be sent this way: this server sends no SMS; ask its administrator";
